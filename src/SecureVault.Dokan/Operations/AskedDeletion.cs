using System;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>A deletion that was asked for and allowed: of one name of an object, and by whom. It happens when the driver says so, or never.</summary>
/// <param name="Parent">Folder that holds the name.</param>
/// <param name="Name">As the folder spells it.</param>
/// <param name="Caller">Who asked; the deletion is carried out and recorded as theirs, whoever closes last.</param>
internal sealed record AskedDeletion(NodeId Parent, byte[] Name, Caller Caller)
{
    public bool IsOf(NodeId parent, ReadOnlySpan<byte> name) => Parent == parent && name.SequenceEqual(Name);
}

using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>What a Create opened: the object, the rights it was given, and who asked. Lives until Close; content may be read and written after Cleanup.</summary>
/// <remarks>The driver hands it back with every request. Mutable parts are OpenNodes' to change.</remarks>
public sealed class NtHandle
{
    internal NtHandle(NodeId node, NodeId[] above, byte[] name, bool isDirectory, Requestor requestor, NtAccess access)
    {
        Node = node;
        Above = above;
        Name = name;
        IsDirectory = isDirectory;
        Requestor = requestor;
        Access = access;
    }

    /// <summary>True for folders: the driver must know.</summary>
    public bool IsDirectory { get; }

    /// <summary>Who asked for the Create.</summary>
    public Requestor Requestor { get; }

    /// <summary>Rights given, without generic bits.</summary>
    public NtAccess Access { get; }

    internal NodeId Node { get; }

    /// <summary>Folders on the way to the object, the root first; empty for the root.</summary>
    internal NodeId[] Above { get; set; }

    /// <summary>Folder that holds the name; the root itself for the root.</summary>
    internal NodeId Parent => Above.Length == 0 ? NodeId.Root : Above[^1];

    /// <summary>The name in the vault as its folder spells it; empty for the root.</summary>
    internal byte[] Name { get; set; }

    internal bool IsRoot => Node == NodeId.Root;

    internal Caller Caller => Requestor.Caller;

    /// <summary>Null when only attributes were asked for, and for folders.</summary>
    internal OpenFile? File { get; set; }

    /// <summary>Null when the folder may not be listed through this handle, and for files.</summary>
    internal OpenFolder? Directory { get; set; }

    /// <summary>Content may be written through it: decided at the Create.</summary>
    internal bool CanWrite => !IsDirectory && (Access & AccessMask.Writing) != 0 && File is not null;

    /// <summary>The Create asked that the name go with the last handle: the driver is told at this one's cleanup, and by nobody taken back.</summary>
    internal bool DeleteOnClose { get; init; }

    /// <summary>What others may do meanwhile, and the entry it is counted in.</summary>
    internal NtShare Share { get; set; }

    internal OpenNode? Shared { get; set; }

    internal bool CleanedUp { get; set; }

    internal bool Closed { get; set; }
}

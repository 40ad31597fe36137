using System;
using System.Buffers.Binary;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>
/// What Windows says of an object and a mode and two times have no place for: the value of the extended attribute user.windows, little-endian (FORMAT.md):
/// attributes (4) | creation time (8), 0 = none.
/// </summary>
/// <param name="Attributes">Of those that are kept.</param>
/// <param name="Created">Ticks; 0 where nobody set it.</param>
internal readonly record struct KeptFacts(NtAttributes Attributes, NtTime Created)
{
    private const int Size = 12;
    private const NtAttributes OfFiles = NtAttributes.Hidden | NtAttributes.System | NtAttributes.Archive | NtAttributes.NotContentIndexed;

    /// <summary>A folder's ReadOnly means only that Explorer looks for its desktop.ini: no mode has to do with it.</summary>
    private const NtAttributes OfFolders = OfFiles | NtAttributes.ReadOnly;

    /// <summary>Of an object of which nothing is kept.</summary>
    public static KeptFacts None(bool folder) => new(folder ? NtAttributes.None : NtAttributes.Archive, default);

    /// <summary>These attributes instead, as far as they are kept.</summary>
    public KeptFacts With(NtAttributes attributes, bool folder) => this with { Attributes = attributes & (folder ? OfFolders : OfFiles) };

    /// <summary>What is kept of an object. What has another form than the above was not made by Windows and counts as nothing.</summary>
    public static KeptFacts Of(VaultFileSystem engine, NodeId node, NodeKind kind)
    {
        bool folder = kind == NodeKind.Directory;
        Span<byte> value = stackalloc byte[Size];
        if (FileFacts.IsSpecial(kind) || engine.GetWindowsXattr(node, value, out int length) != VaultStatus.Ok || length != Size)
        {
            return None(folder);
        }

        long created = BinaryPrimitives.ReadInt64LittleEndian(value[4..]);
        return new KeptFacts(default, new NtTime(Math.Max(created, 0))).With((NtAttributes)BinaryPrimitives.ReadUInt32LittleEndian(value), folder);
    }

    /// <summary>Keeps these facts; Success too where the store has no place for them.</summary>
    public NtStatus Keep(VaultFileSystem engine, NtHandle handle)
    {
        Span<byte> value = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(value, (uint)Attributes);
        BinaryPrimitives.WriteInt64LittleEndian(value[4..], Created.Ticks);
        VaultStatus status = engine.SetXattr(handle.Caller, handle.Node, VaultFileSystem.WindowsXattr, value, create: false, replace: false);
        return status == VaultStatus.NotSupported ? NtStatus.Success : StatusMap.ToNt(status);
    }
}

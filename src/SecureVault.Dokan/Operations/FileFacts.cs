using System;
using SecureVault.Dokan.Names;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Attributes between the engine's words and NT's.</summary>
internal static class FileFacts
{
    /// <summary>Write bits of a mode, 0222: a file without any has the attribute ReadOnly.</summary>
    public const uint WriteBits = 0x92;

    private const uint OwnerWrites = 0x80; // 0200
    private const long AllocationUnit = 4096;

    /// <summary>Mode of a new file; folders get search bits too.</summary>
    public static uint ModeOf(NtAttributes attributes, bool directory)
    {
        const uint file = 0x1B6;   // 0666
        const uint folder = 0x1FF; // 0777
        return directory ? folder : (attributes & NtAttributes.ReadOnly) != 0 ? file & ~WriteBits : file;
    }

    /// <summary>The mode that gives or takes the attribute ReadOnly; the same mode when it fits already.</summary>
    public static uint WithReadOnly(uint mode, bool readOnly) =>
        readOnly ? mode & ~WriteBits : (mode & WriteBits) == 0 ? mode | OwnerWrites : mode;

    public static bool IsReadOnly(in NodeAttributes attributes) => attributes.Kind == NodeKind.File && (attributes.Mode & WriteBits) == 0;

    /// <summary>True for links, pipes, sockets: shown, renamed and deleted, never opened.</summary>
    public static bool IsSpecial(NodeKind kind) => kind is not (NodeKind.File or NodeKind.Directory);

    /// <param name="kept">Of the object, by KeptFacts.Of.</param>
    public static NtFileInformation ToNt(ReadOnlySpan<byte> name, in NodeAttributes from, in KeptFacts kept)
    {
        NtAttributes attributes = kept.Attributes | (from.Kind == NodeKind.Directory ? NtAttributes.Directory : NtAttributes.None);
        attributes |= IsReadOnly(from) ? NtAttributes.ReadOnly : NtAttributes.None;
        attributes |= IsSpecial(from.Kind) ? NtAttributes.System : NtAttributes.None;
        attributes = attributes == NtAttributes.None ? NtAttributes.Normal : attributes;
        long size = from.Kind == NodeKind.File ? from.Size : 0;
        NtTime modified = NtTime.From(from.Modified);
        NtTime changed = NtTime.From(from.Changed);
        return new NtFileInformation(
            name.IsEmpty ? "" : NtName.Encode(name),
            attributes,
            size,
            (size + AllocationUnit - 1) / AllocationUnit * AllocationUnit,
            kept.Created.Ticks > 0 ? kept.Created : modified.Ticks < changed.Ticks ? modified : changed,
            NtTime.From(from.Accessed),
            modified,
            from.Inode,
            from.Links);
    }
}

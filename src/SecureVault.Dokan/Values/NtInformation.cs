using System;

namespace SecureVault.Dokan.Values;

/// <summary>What is told of a file or folder.</summary>
/// <param name="Name">Its name in its folder, spelled as Windows can carry it; empty for the root.</param>
/// <param name="Attributes">Never None.</param>
/// <param name="Size">Plain bytes; 0 for folders.</param>
/// <param name="AllocationSize">Size rounded up to whole 4096-byte units.</param>
/// <param name="Created">As somebody set it; else the earlier of the last change of content and of attributes.</param>
/// <param name="Accessed">Last access.</param>
/// <param name="Modified">Last change of content.</param>
/// <param name="Index">Number of the object, the same for all its names.</param>
/// <param name="Links">Names it has.</param>
public readonly record struct NtFileInformation(
    string Name, NtAttributes Attributes, long Size, long AllocationSize, NtTime Created, NtTime Accessed, NtTime Modified, ulong Index, uint Links)
{
    public bool IsDirectory => (Attributes & NtAttributes.Directory) != 0;
}

/// <summary>Times to set; null leaves one as it is.</summary>
/// <param name="Created">Kept where the vault's store has a place for it.</param>
/// <param name="Accessed">Last access.</param>
/// <param name="Modified">Last change of content.</param>
public readonly record struct NtTimes(NtTime? Created, NtTime? Accessed, NtTime? Modified);

/// <summary>Takes the entries of a folder, in no order.</summary>
public interface INtListSink
{
    /// <summary>False ends the listing.</summary>
    bool Add(in NtFileInformation entry);
}

/// <summary>Space of the volume, in bytes.</summary>
public readonly record struct NtSpace(long Total, long Free, long Available);

/// <summary>What the volume says of itself (MS-FSCC 2.5.1, 2.5.9).</summary>
/// <param name="Label">Shown beside the drive letter.</param>
/// <param name="Serial">From the vault's id: the same at every mount and on every machine.</param>
/// <param name="FileSystemName">WINDOWS.md says why NTFS.</param>
/// <param name="Features">What it can do.</param>
/// <param name="LongestName">Of one component, in characters.</param>
public readonly record struct NtVolume(string Label, uint Serial, string FileSystemName, NtFeatures Features, uint LongestName);

/// <summary>Abilities of the volume (MS-FSCC 2.5.1).</summary>
[Flags]
public enum NtFeatures : uint
{
    None = 0,
    CasePreservedNames = 0x2,
    UnicodeOnDisk = 0x4,
    PersistentAcls = 0x8,
}

/// <summary>A data stream of a file: there is one, without a name.</summary>
/// <param name="Name">"::$DATA".</param>
/// <param name="Size">Plain bytes.</param>
public readonly record struct NtStream(string Name, long Size);

/// <summary>Parts of a security descriptor (MS-DTYP 2.4.7).</summary>
[Flags]
public enum NtSecurityParts : uint
{
    None = 0,
    Owner = 1,
    Group = 2,
    Dacl = 4,
    Sacl = 8,
}

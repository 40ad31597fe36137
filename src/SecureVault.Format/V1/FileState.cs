using System;

namespace SecureVault.Format.V1;

/// <summary>Flags of a file's state record.</summary>
[Flags]
public enum FileStateFlags : uint
{
    None = 0,

    /// <summary>Being written in session <see cref="FileState.Session"/>: blocks past DataBlocks may exist.</summary>
    Open = 1,

    /// <summary>Has or had several names (hard links).</summary>
    ManyNames = 2,

    /// <summary>With ManyNames: all names that it may stand under are listed; without this one any is good.</summary>
    NamesListed = 4,
}

/// <summary>The changing part of a header: what the file's length and shape must be. Sealed under the file's own key.</summary>
public struct FileState
{
    /// <summary>Plain size in bytes.</summary>
    public long Size;

    /// <summary>Blocks at or past this index are holes (or, while Open, uncommitted); below it maps are authoritative.</summary>
    public long DataBlocks;

    /// <summary>Mount session that wrote this record.</summary>
    public ulong Session;

    /// <summary>Grows by one at every write of this record.</summary>
    public ulong Generation;
    public FileStateFlags Flags;
    public NameTag Name;

    /// <summary>The name before the last rename, accepted as well: a rename may have stopped half-way.</summary>
    public NameTag PreviousName;

    /// <summary>More names, while NamesListed; see FileNames.</summary>
    public OtherNames OtherNames;

    /// <summary>Holes among the first 1024 blocks; bits at or past DataBlocks mean nothing.</summary>
    public InlineHoles Holes;
}

/// <summary>One bit for each of the first 1024 blocks, bit i%8 of byte i/8; 1 = hole.</summary>
[System.Runtime.CompilerServices.InlineArray(FileLayout.InlineBlocks / 8)]
public struct InlineHoles
{
    private byte _first;
}

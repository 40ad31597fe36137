using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Flags of a file's state record.</summary>
[Flags]
public enum FileStateFlags : uint
{
    None = 0,

    /// <summary>Being written in session <see cref="FileState.Session"/>: blocks past DataBlocks may exist.</summary>
    Open = 1,

    /// <summary>Has or had several names (hard links): NameTag is not checked.</summary>
    ManyNames = 2,
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
    public InlineHoles Holes;
}

/// <summary>One bit for each of the first 1024 blocks, bit i%8 of byte i/8; 1 = hole.</summary>
[System.Runtime.CompilerServices.InlineArray(FileLayout.InlineBlocks / 8)]
public struct InlineHoles
{
    private byte _first;
}

/// <summary>Key record (bytes 0..127) and state record (bytes 128..511) of a stored file.</summary>
public static class FileHeader
{
    public const int KeyRecordSize = 128;
    public const int StateRecordOffset = 128;
    public const int StateRecordSize = FileLayout.HeaderSize - StateRecordOffset;

    /// <summary>Length in bytes of a file's secret.</summary>
    public const int SecretSize = 32;

    /// <summary>Writes bytes 0..127: identity in the open, then keyId and the wrapped secret, sealed twice.</summary>
    public static void WriteKeyRecord(Span<byte> record, in FileIdentity identity, AeadKey headerKey, KeyId keyId, AeadKey wrappingKey, SecretKey secret) => throw new NotSupportedException();

    /// <summary>Opens bytes 0..127. Ok gives a secret that the caller disposes.</summary>
    public static FormatStatus TryOpenKeyRecord(ReadOnlySpan<byte> record, AeadKey headerKey, IWrappingKeys keys, out FileIdentity identity, out KeyId keyId, out SecretKey? secret) => throw new NotSupportedException();

    /// <summary>Reads the key id only (one AEAD operation): enough to know the label.</summary>
    public static FormatStatus TryReadKeyId(ReadOnlySpan<byte> record, AeadKey headerKey, out FileIdentity identity, out KeyId keyId) => throw new NotSupportedException();

    /// <summary>Writes the 384-byte state record.</summary>
    public static void WriteState(Span<byte> record, AeadKey fileKey, FileId id, in FileState state) => throw new NotSupportedException();

    /// <summary>Opens the 384-byte state record; Corrupt too when sizes in it contradict each other.</summary>
    public static FormatStatus TryOpenState(ReadOnlySpan<byte> record, AeadKey fileKey, FileId id, int blockShift, out FileState state) => throw new NotSupportedException();
}

using System;

namespace SecureVault.Format.V1;

/// <summary>
/// The overwrite journal of one file, journal/FILEID-SESSION (hex): sealed blocks on their way into the file, so that a block
/// that was whole stays old or new when the machine stops in the middle of overwriting it.
/// Header: magic "SVJ1", version, reserved, file id (16), session (8). Then entries: block index (8), sealed length (4), sealed block.
/// The blocks authenticate themselves; a torn last entry ends the journal.
/// </summary>
public static class JournalFormat
{
    public const int HeaderSize = 32;
    public const int EntryOverhead = 12;

    public static void WriteHeader(Span<byte> header, FileId id, ulong session) => throw new NotSupportedException();
    public static FormatStatus TryReadHeader(ReadOnlySpan<byte> header, FileId id, ulong session) => throw new NotSupportedException();
    public static void WriteEntryHead(Span<byte> head, long blockIndex, int sealedLength) => throw new NotSupportedException();

    /// <summary>False when cut or impossible (length 0 or above a full block).</summary>
    public static bool TryReadEntryHead(ReadOnlySpan<byte> head, int blockShift, out long blockIndex, out int sealedLength) => throw new NotSupportedException();

    /// <summary>File name of the journal, ASCII, into name (at most 64 bytes); returns the length.</summary>
    public static int FileName(FileId id, ulong session, Span<byte> name) => throw new NotSupportedException();
}

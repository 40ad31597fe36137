using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>
/// The overwrite journal of one file, journal/FILEID-SESSION (hex): sealed blocks on their way into the file, so that a block
/// that was whole stays old or new when the machine stops in the middle of overwriting it.
/// </summary>
/// <remarks>
/// <code>
/// header  0   4  magic "SVJ1"        entry  0   8  block index; -g is the map block of group g
///         4   1  version, 1                 8   4  length of the sealed block
///         5   3  zero                      12   n  sealed block
///         8  16  file id
///        24   8  session
/// </code>
/// The blocks authenticate themselves; a torn last entry ends the journal. Any thread; allocates nothing.
/// </remarks>
public static class JournalFormat
{
    public const int HeaderSize = 32;
    public const int EntryOverhead = 12;

    /// <summary>Length of a journal's file name: 32 digits, a dash, 16 digits.</summary>
    public const int FileNameLength = 32 + 1 + 16;

    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "SVJ1"u8;
    private static ReadOnlySpan<byte> Digits => "0123456789abcdef"u8;

    /// <summary>Writes the header, HeaderSize bytes.</summary>
    public static void WriteHeader(Span<byte> header, FileId id, ulong session)
    {
        Require.That(header.Length == HeaderSize, "A journal header has 32 bytes.");
        header.Clear();
        Magic.CopyTo(header);
        header[4] = Version;
        id.Value.Write(header[8..]);
        WriteUInt64LittleEndian(header[24..], session);
    }

    /// <summary>Ok when this is the journal of this file and session; Corrupt or NewerVersion otherwise.</summary>
    public static FormatStatus TryReadHeader(ReadOnlySpan<byte> header, FileId id, ulong session)
    {
        if (header.Length != HeaderSize || !header.StartsWith(Magic) || header[4] == 0)
        {
            return FormatStatus.Corrupt;
        }

        if (header[4] > Version)
        {
            return FormatStatus.NewerVersion;
        }

        bool mine = !header[5..8].ContainsAnyExcept((byte)0) && Id128.Read(header[8..]) == id.Value && ReadUInt64LittleEndian(header[24..]) == session;
        return mine ? FormatStatus.Ok : FormatStatus.Corrupt;
    }

    /// <summary>Writes an entry's first EntryOverhead bytes.</summary>
    /// <param name="blockIndex">Block index, or minus the group of a map block.</param>
    /// <param name="sealedLength">Bytes of the sealed block that follows.</param>
    public static void WriteEntryHead(Span<byte> head, long blockIndex, int sealedLength)
    {
        Require.That(head.Length == EntryOverhead && sealedLength > FileLayout.BlockOverhead, "A journal entry holds a sealed block.");
        WriteInt64LittleEndian(head, blockIndex);
        WriteInt32LittleEndian(head[8..], sealedLength);
    }

    /// <summary>False when cut or impossible (no plaintext, above a full block, a place no file has).</summary>
    public static bool TryReadEntryHead(ReadOnlySpan<byte> head, int blockShift, out long blockIndex, out int sealedLength)
    {
        blockIndex = 0;
        sealedLength = 0;
        if (head.Length < EntryOverhead)
        {
            return false;
        }

        long index = ReadInt64LittleEndian(head);
        int length = ReadInt32LittleEndian(head[8..]);
        int full = FileLayout.CipherBlockSize(blockShift);
        long blocks = FileLayout.MaxPlainSize >> blockShift;
        bool possible = index >= 0
            ? index < blocks && length > FileLayout.BlockOverhead && length <= full
            : index >= -FileLayout.GroupOf(blocks - 1, blockShift) && length == full;
        if (possible)
        {
            blockIndex = index;
            sealedLength = length;
        }

        return possible;
    }

    /// <summary>File name of the journal, ASCII, into name (at most 64 bytes); returns the length.</summary>
    public static int FileName(FileId id, ulong session, Span<byte> name)
    {
        WriteHex(id.Value.High, name[..16]);
        WriteHex(id.Value.Low, name.Slice(16, 16));
        name[32] = (byte)'-';
        WriteHex(session, name.Slice(33, 16));
        return FileNameLength;
    }

    /// <summary>Reads a journal's file name back; false when it is not one, exactly as FileName writes it.</summary>
    public static bool TryParseFileName(ReadOnlySpan<byte> name, out FileId id, out ulong session)
    {
        id = default;
        session = 0;
        if (name.Length != FileNameLength || name[32] != '-' || !TryReadHex(name[..16], out ulong high) || !TryReadHex(name[16..32], out ulong low) || !TryReadHex(name[33..], out session))
        {
            return false;
        }

        id = new FileId(new Id128(high, low));
        return true;
    }

    private static void WriteHex(ulong value, Span<byte> text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(value & 15)];
            value >>= 4;
        }
    }

    private static bool TryReadHex(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        foreach (byte character in text)
        {
            int digit = Digits.IndexOf(character);
            if (digit < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return true;
    }
}

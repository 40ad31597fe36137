using System;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>Where an audit log stands: the last sequence and chain value, and what they bind.</summary>
/// <remarks>
/// <code>
///   0   4  magic "SVAH"          sealed under the vault's audit key:
///   4   1  version, 1 or 2          0   8  sequence
///   5   3  zero                     8   8  log length
///   8  12  nonce                   16  32  chain
///  20  92  sealed                  48   8  policy version
/// 112  16  tag                     56   8  session
///                                  64   8  version of the given labels; zero in version 1
///                                  72  20  zero
/// </code>
/// Version 2 is written when there are given labels. Associated: bytes 0..7, vault id (16). Any thread; allocates nothing.
/// </remarks>
public struct AuditHead
{
    /// <summary>Size of the stored head in bytes, fixed.</summary>
    public const int StoredSize = 128;

    private const int OpenSize = 8;
    private const int FieldsOffset = OpenSize + AeadKey.NonceSize;
    private const int FieldsSize = StoredSize - FieldsOffset - AeadKey.TagSize;
    private const byte WithoutLabels = 1;
    private const byte WithLabels = 2;

    /// <summary>Sequence of the last frame; 0 when the log is empty.</summary>
    public ulong Sequence;

    /// <summary>Length of the log in bytes up to and with that frame.</summary>
    public long LogLength;

    /// <summary>SHA-256 chain value after that frame.</summary>
    public ChainValue Chain;

    /// <summary>Policy version in force at that frame.</summary>
    public ulong PolicyVersion;

    /// <summary>Last mount session begun.</summary>
    public ulong Session;

    /// <summary>Least version of the document `labels`; 0 while nothing was relabelled.</summary>
    public ulong LabelsVersion;

    private static ReadOnlySpan<byte> Magic => "SVAH"u8;

    /// <summary>Writes the head, StoredSize bytes, under a fresh nonce.</summary>
    public readonly void Write(Span<byte> stored, AeadKey auditKey, Id128 vaultId)
    {
        Require.That(stored.Length == StoredSize && LogLength >= 0, "An audit head has 128 bytes and a length that is not negative.");
        stored.Clear();
        Magic.CopyTo(stored);
        stored[4] = LabelsVersion == 0 ? WithoutLabels : WithLabels;
        Span<byte> fields = stored.Slice(FieldsOffset, FieldsSize);
        WriteUInt64LittleEndian(fields, Sequence);
        WriteInt64LittleEndian(fields[8..], LogLength);
        ((ReadOnlySpan<byte>)Chain).CopyTo(fields[16..]);
        WriteUInt64LittleEndian(fields[48..], PolicyVersion);
        WriteUInt64LittleEndian(fields[56..], Session);
        WriteUInt64LittleEndian(fields[64..], LabelsVersion);

        Span<byte> associated = stackalloc byte[OpenSize + 16];
        WriteAssociated(associated, stored, vaultId);
        Span<byte> nonce = stored.Slice(OpenSize, AeadKey.NonceSize);
        RandomBytes.Fill(nonce);
        auditKey.Seal(nonce, fields, fields, stored[^AeadKey.TagSize..], associated);
    }

    /// <summary>Opens a stored head: Ok, Corrupt or NewerVersion.</summary>
    public static FormatStatus TryOpen(ReadOnlySpan<byte> stored, AeadKey auditKey, Id128 vaultId, out AuditHead head)
    {
        head = default;
        if (stored.Length != StoredSize || !stored.StartsWith(Magic) || stored[4] == 0)
        {
            return FormatStatus.Corrupt;
        }

        if (stored[4] > WithLabels)
        {
            return FormatStatus.NewerVersion;
        }

        Span<byte> fields = stackalloc byte[FieldsSize];
        Span<byte> associated = stackalloc byte[OpenSize + 16];
        WriteAssociated(associated, stored, vaultId);
        if (!auditKey.TryOpen(stored.Slice(OpenSize, AeadKey.NonceSize), stored.Slice(FieldsOffset, FieldsSize), stored[^AeadKey.TagSize..], fields, associated)
            || stored[5..8].ContainsAnyExcept((byte)0) || fields[72..].ContainsAnyExcept((byte)0) || (ReadUInt64LittleEndian(fields[64..]) == 0) != (stored[4] == WithoutLabels) || ReadInt64LittleEndian(fields[8..]) < 0)
        {
            return FormatStatus.Corrupt;
        }

        head.Sequence = ReadUInt64LittleEndian(fields);
        head.LogLength = ReadInt64LittleEndian(fields[8..]);
        fields.Slice(16, 32).CopyTo(head.Chain);
        head.PolicyVersion = ReadUInt64LittleEndian(fields[48..]);
        head.Session = ReadUInt64LittleEndian(fields[56..]);
        head.LabelsVersion = ReadUInt64LittleEndian(fields[64..]);
        return FormatStatus.Ok;
    }

    private static void WriteAssociated(Span<byte> associated, ReadOnlySpan<byte> stored, Id128 vaultId)
    {
        stored[..OpenSize].CopyTo(associated);
        vaultId.Write(associated[OpenSize..]);
    }
}

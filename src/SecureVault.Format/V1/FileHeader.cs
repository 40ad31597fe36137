using System;
using System.Security.Cryptography;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>Key record (bytes 0..127) and state record (bytes 128..511) of a stored file.</summary>
/// <remarks>
/// <code>
/// key record                                        state record
///   0  4  magic "SVF1"                                128  12  nonce
///   4  1  format version, 1                           140 356  sealed under the file's key:
///   5  1  suite                                               0   8  size
///   6  1  block shift                                         8   8  data blocks
///   7  1  protection                                         16   8  session
///   8 16  file id                                            24   8  generation
///  24 12  outer nonce                                        32   4  flags
///  36 76  sealed under the vault's header key:               36   4  zero
///          0  16  key id                                     40  16  name tag
///         16  12  inner nonce                                56  16  previous name tag
///         28  32  secret, sealed under the key named         72 128  holes among the first 1024 blocks
///         60  16  inner tag                                 200 144  other names' tags, while listed
///                                                            344  12  zero
/// 112 16  outer tag                                   496  16  tag
/// </code>
/// Integers are little-endian, ids big-endian. Outer associated: bytes 0..23. Inner associated: bytes 0..23, key id.
/// State associated: 'S', file id. Any thread; allocates nothing but the secret.
/// </remarks>
public static class FileHeader
{
    public const int KeyRecordSize = 128;
    public const int StateRecordOffset = 128;
    public const int StateRecordSize = FileLayout.HeaderSize - StateRecordOffset;

    /// <summary>Length in bytes of a file's secret.</summary>
    public const int SecretSize = 32;

    internal const int OpenSize = 24;
    private const int KeyIdSize = 16;
    private const int SealedOffset = OpenSize + AeadKey.NonceSize;
    private const int SealedSize = KeyIdSize + AeadKey.NonceSize + SecretSize + AeadKey.TagSize;
    private const int StateFieldsSize = StateRecordSize - AeadKey.NonceSize - AeadKey.TagSize;
    private const int HolesOffset = 72;
    private const int HolesSize = FileLayout.InlineBlocks / 8;
    private const byte Version = 1;
    private const FileStateFlags KnownFlags = FileStateFlags.Open | FileStateFlags.ManyNames | FileStateFlags.NamesListed;
    private const int OthersOffset = HolesOffset + HolesSize;
    private const int OthersSize = OtherNames.Count * Id128.Size;

    private static ReadOnlySpan<byte> Magic => "SVF1"u8;

    /// <summary>Writes bytes 0..127: identity in the open, then keyId and the wrapped secret, sealed twice.</summary>
    public static void WriteKeyRecord(Span<byte> record, in FileIdentity identity, AeadKey headerKey, KeyId keyId, AeadKey wrappingKey, SecretKey secret)
    {
        Require.That(record.Length == KeyRecordSize, "A key record has 128 bytes.");
        Require.That(secret.Size == SecretSize, "A file's secret has 32 bytes.");
        Require.That(FileLayout.IsBlockShift(identity.BlockShift) && identity.Protection <= Protection.Clear && AeadKey.IsKnown(identity.Suite), "The file's identity is not of format 1.");
        Require.That(!identity.Id.Value.IsZero, "A file id is not zero.");

        Magic.CopyTo(record);
        record[4] = Version;
        record[5] = (byte)identity.Suite;
        record[6] = (byte)identity.BlockShift;
        record[7] = (byte)identity.Protection;
        identity.Id.Value.Write(record[8..]);

        Span<byte> inner = record.Slice(SealedOffset, SealedSize);
        keyId.Value.Write(inner);
        Span<byte> associated = stackalloc byte[OpenSize + KeyIdSize];
        record[..OpenSize].CopyTo(associated);
        inner[..KeyIdSize].CopyTo(associated[OpenSize..]);
        Span<byte> innerNonce = inner.Slice(KeyIdSize, AeadKey.NonceSize);
        RandomBytes.Fill(innerNonce);
        wrappingKey.Seal(innerNonce, secret.Bytes, inner.Slice(28, SecretSize), inner.Slice(60, AeadKey.TagSize), associated);

        Span<byte> outerNonce = record.Slice(OpenSize, AeadKey.NonceSize);
        RandomBytes.Fill(outerNonce);
        headerKey.Seal(outerNonce, inner, inner, record.Slice(112, AeadKey.TagSize), record[..OpenSize]);
    }

    /// <summary>Opens bytes 0..127. Ok gives a secret that the caller disposes.</summary>
    public static FormatStatus TryOpenKeyRecord(ReadOnlySpan<byte> record, AeadKey headerKey, IWrappingKeys keys, out FileIdentity identity, out KeyId keyId, out SecretKey? secret)
    {
        secret = null;
        Span<byte> inner = stackalloc byte[SealedSize];
        FormatStatus status = TryOpenOuter(record, headerKey, inner, out identity, out keyId);
        if (status != FormatStatus.Ok)
        {
            return status;
        }

        AeadKey? wrappingKey = keys.Find(keyId);
        if (wrappingKey is null)
        {
            return FormatStatus.UnknownKey;
        }

        Span<byte> associated = stackalloc byte[OpenSize + KeyIdSize];
        record[..OpenSize].CopyTo(associated);
        inner[..KeyIdSize].CopyTo(associated[OpenSize..]);
        Span<byte> bytes = stackalloc byte[SecretSize];
        if (!wrappingKey.TryOpen(inner.Slice(KeyIdSize, AeadKey.NonceSize), inner.Slice(28, SecretSize), inner.Slice(60, AeadKey.TagSize), bytes, associated))
        {
            return FormatStatus.Corrupt;
        }

        secret = SecretKey.Import(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return FormatStatus.Ok;
    }

    /// <summary>Reads the key id only (one AEAD operation): enough to know the label.</summary>
    public static FormatStatus TryReadKeyId(ReadOnlySpan<byte> record, AeadKey headerKey, out FileIdentity identity, out KeyId keyId)
    {
        Span<byte> inner = stackalloc byte[SealedSize];
        return TryOpenOuter(record, headerKey, inner, out identity, out keyId);
    }

    /// <summary>Writes the 384-byte state record.</summary>
    public static void WriteState(Span<byte> record, AeadKey fileKey, FileId id, in FileState state)
    {
        Require.That(record.Length == StateRecordSize, "A state record has 384 bytes.");
        Require.That(state.Size is >= 0 and <= FileLayout.MaxPlainSize && state.DataBlocks >= 0, "The file's size is impossible.");
        Require.That((state.Flags & ~KnownFlags) == 0, "A flag of the file's state is not of format 1.");

        Span<byte> fields = record.Slice(AeadKey.NonceSize, StateFieldsSize);
        fields.Clear();
        WriteInt64LittleEndian(fields, state.Size);
        WriteInt64LittleEndian(fields[8..], state.DataBlocks);
        WriteUInt64LittleEndian(fields[16..], state.Session);
        WriteUInt64LittleEndian(fields[24..], state.Generation);
        WriteUInt32LittleEndian(fields[32..], (uint)state.Flags);
        state.Name.Value.Write(fields[40..]);
        state.PreviousName.Value.Write(fields[56..]);
        ((ReadOnlySpan<byte>)state.Holes).CopyTo(fields[HolesOffset..]);
        for (int i = 0; i < OtherNames.Count; i++)
        {
            state.OtherNames[i].Value.Write(fields[(OthersOffset + (i * Id128.Size))..]);
        }

        Span<byte> associated = stackalloc byte[17];
        WriteStateAssociated(associated, id);
        Span<byte> nonce = record[..AeadKey.NonceSize];
        RandomBytes.Fill(nonce);
        fileKey.Seal(nonce, fields, fields, record[^AeadKey.TagSize..], associated);
    }

    /// <summary>Opens the 384-byte state record; Corrupt too when sizes in it contradict each other.</summary>
    public static FormatStatus TryOpenState(ReadOnlySpan<byte> record, AeadKey fileKey, FileId id, int blockShift, out FileState state)
    {
        state = default;
        if (record.Length != StateRecordSize)
        {
            return FormatStatus.Corrupt;
        }

        Span<byte> fields = stackalloc byte[StateFieldsSize];
        Span<byte> associated = stackalloc byte[17];
        WriteStateAssociated(associated, id);
        if (!fileKey.TryOpen(record[..AeadKey.NonceSize], record.Slice(AeadKey.NonceSize, StateFieldsSize), record[^AeadKey.TagSize..], fields, associated))
        {
            return FormatStatus.Corrupt;
        }

        long size = ReadInt64LittleEndian(fields);
        long dataBlocks = ReadInt64LittleEndian(fields[8..]);
        uint flags = ReadUInt32LittleEndian(fields[32..]);
        if (size is < 0 or > FileLayout.MaxPlainSize || dataBlocks < 0 || dataBlocks > FileLayout.BlockCount(size, blockShift)
            || (flags & ~(uint)KnownFlags) != 0 || fields[36..40].ContainsAnyExcept((byte)0) || fields[(OthersOffset + OthersSize)..].ContainsAnyExcept((byte)0)
            || !TryReadOthers(fields.Slice(OthersOffset, OthersSize), (FileStateFlags)flags, ref state))
        {
            state = default;
            return FormatStatus.Corrupt;
        }

        state.Size = size;
        state.DataBlocks = dataBlocks;
        state.Session = ReadUInt64LittleEndian(fields[16..]);
        state.Generation = ReadUInt64LittleEndian(fields[24..]);
        state.Flags = (FileStateFlags)flags;
        state.Name = new NameTag(Id128.Read(fields[40..]));
        state.PreviousName = new NameTag(Id128.Read(fields[56..]));
        fields.Slice(HolesOffset, HolesSize).CopyTo(state.Holes);
        return FormatStatus.Ok;
    }

    // None but while they are listed, for a file of several; what is not used comes last.
    private static bool TryReadOthers(ReadOnlySpan<byte> fields, FileStateFlags flags, ref FileState state)
    {
        bool listed = (flags & FileStateFlags.NamesListed) != 0;
        if (listed && (flags & FileStateFlags.ManyNames) == 0)
        {
            return false;
        }

        bool more = listed;
        for (int i = 0; i < OtherNames.Count; i++)
        {
            Id128 tag = Id128.Read(fields[(i * Id128.Size)..]);
            if (!more && !tag.IsZero)
            {
                return false;
            }

            more &= !tag.IsZero;
            state.OtherNames[i] = new NameTag(tag);
        }

        return true;
    }

    private static FormatStatus TryOpenOuter(ReadOnlySpan<byte> record, AeadKey headerKey, Span<byte> inner, out FileIdentity identity, out KeyId keyId)
    {
        keyId = default;
        FormatStatus status = TryReadIdentity(record, out identity);
        if (status != FormatStatus.Ok)
        {
            return status;
        }

        ReadOnlySpan<byte> cipher = record.Slice(SealedOffset, SealedSize);
        if (!headerKey.TryOpen(record.Slice(OpenSize, AeadKey.NonceSize), cipher, record.Slice(112, AeadKey.TagSize), inner, record[..OpenSize]))
        {
            identity = default;
            return FormatStatus.Corrupt;
        }

        keyId = new KeyId(Id128.Read(inner));
        return FormatStatus.Ok;
    }

    private static FormatStatus TryReadIdentity(ReadOnlySpan<byte> record, out FileIdentity identity)
    {
        identity = default;
        if (record.Length != KeyRecordSize || !record.StartsWith(Magic) || record[4] == 0)
        {
            return FormatStatus.Corrupt;
        }

        if (record[4] > Version)
        {
            return FormatStatus.NewerVersion;
        }

        var suite = (CipherSuite)record[5];
        if (!AeadKey.IsKnown(suite))
        {
            return FormatStatus.UnknownSuite;
        }

        var id = new FileId(Id128.Read(record[8..]));
        if (!FileLayout.IsBlockShift(record[6]) || record[7] > (byte)Protection.Clear || id.Value.IsZero)
        {
            return FormatStatus.Corrupt;
        }

        identity = new FileIdentity(suite, record[6], (Protection)record[7], id);
        return FormatStatus.Ok;
    }

    private static void WriteStateAssociated(Span<byte> associated, FileId id)
    {
        associated[0] = (byte)'S';
        id.Value.Write(associated[1..]);
    }
}

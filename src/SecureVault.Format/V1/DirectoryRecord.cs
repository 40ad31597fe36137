using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>What a folder says of itself: identity, place, and the label new files in it take.</summary>
/// <remarks>
/// <code>
///   0   4  magic "SVD1"          sealed under the vault's directory key:
///   4   1  format version, 1        0  16  folder id
///   5   1  suite                   16  16  name tag
///   6   2  zero                    32  16  previous name tag
///   8  12  nonce                   48  16  label key id
///  20 124  sealed                  64   1  protection of new unlabelled files
/// 144  16  tag                     65  59  zero
/// </code>
/// Associated: bytes 0..7. Ids are big-endian. Any thread; allocates nothing.
/// </remarks>
public struct DirectoryRecord
{
    /// <summary>Size of the stored record in bytes, fixed.</summary>
    public const int StoredSize = 160;

    private const int OpenSize = 8;
    private const int FieldsOffset = OpenSize + AeadKey.NonceSize;
    private const int FieldsSize = StoredSize - FieldsOffset - AeadKey.TagSize;
    private const byte Version = 1;

    public DirectoryId Id;

    /// <summary>Tag of its name in its parent; zero for the root.</summary>
    public NameTag Name;

    /// <summary>The name before the last rename, accepted as well: a rename may have stopped half-way.</summary>
    public NameTag PreviousName;

    /// <summary>Compartment key that new files take; zero = the vault's unlabelled key.</summary>
    public KeyId LabelKey;

    /// <summary>Protection of new unlabelled files ("optional" encryption sets Clear).</summary>
    public Protection NewFiles;

    private static ReadOnlySpan<byte> Magic => "SVD1"u8;

    /// <summary>Writes the record, StoredSize bytes, under a fresh nonce.</summary>
    public readonly void Write(Span<byte> stored, AeadKey directoryKey, CipherSuite suite)
    {
        Require.That(stored.Length == StoredSize, "A directory record has 160 bytes.");
        Require.That(!Id.Value.IsZero && NewFiles <= Protection.Clear, "The directory record is not of format 1.");
        stored.Clear();
        Magic.CopyTo(stored);
        stored[4] = Version;
        stored[5] = (byte)suite;

        Span<byte> fields = stored.Slice(FieldsOffset, FieldsSize);
        Id.Value.Write(fields);
        Name.Value.Write(fields[16..]);
        PreviousName.Value.Write(fields[32..]);
        LabelKey.Value.Write(fields[48..]);
        fields[64] = (byte)NewFiles;

        Span<byte> nonce = stored.Slice(OpenSize, AeadKey.NonceSize);
        RandomBytes.Fill(nonce);
        directoryKey.Seal(nonce, fields, fields, stored[^AeadKey.TagSize..], stored[..OpenSize]);
    }

    /// <summary>Opens a stored record: Ok, Corrupt, NewerVersion or UnknownSuite.</summary>
    public static FormatStatus TryOpen(ReadOnlySpan<byte> stored, AeadKey directoryKey, CipherSuite suite, out DirectoryRecord record)
    {
        record = default;
        if (stored.Length != StoredSize || !stored.StartsWith(Magic) || stored[4] == 0)
        {
            return FormatStatus.Corrupt;
        }

        if (stored[4] > Version)
        {
            return FormatStatus.NewerVersion;
        }

        if (!AeadKey.IsKnown((CipherSuite)stored[5]))
        {
            return FormatStatus.UnknownSuite;
        }

        Span<byte> fields = stackalloc byte[FieldsSize];
        if (stored[5] != (byte)suite || stored[6] != 0 || stored[7] != 0
            || !directoryKey.TryOpen(stored.Slice(OpenSize, AeadKey.NonceSize), stored.Slice(FieldsOffset, FieldsSize), stored[^AeadKey.TagSize..], fields, stored[..OpenSize]))
        {
            return FormatStatus.Corrupt;
        }

        var id = new DirectoryId(Id128.Read(fields));
        if (id.Value.IsZero || fields[64] > (byte)Protection.Clear || fields[65..].ContainsAnyExcept((byte)0))
        {
            return FormatStatus.Corrupt;
        }

        record.Id = id;
        record.Name = new NameTag(Id128.Read(fields[16..]));
        record.PreviousName = new NameTag(Id128.Read(fields[32..]));
        record.LabelKey = new KeyId(Id128.Read(fields[48..]));
        record.NewFiles = (Protection)fields[64];
        return FormatStatus.Ok;
    }
}

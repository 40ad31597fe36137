using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Unicode;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>One compartment key. The unlabelled key has empty department, level and compartment.</summary>
/// <remarks>Key is 32 random bytes, owned by the keyring.</remarks>
public sealed record KeyringEntry(KeyId Id, string Department, string Level, string Compartment, uint Epoch, SecretKey Key);

/// <summary>The body of the keyring document: entries and the vault's signing scalar.</summary>
/// <remarks>
/// <code>
/// body   0   1  version, 1              entry   0  16  key id, not zero
///        1  32  signing scalar                 16   4  epoch
///       33   4  count                          20  32  key
///       37      entries, key ids ascending     52      department, level, compartment: each length (2), UTF-8
/// </code>
/// One spelling for one keyring: ids ascend strictly, nothing follows the last entry, no two entries share label and epoch.
/// Immutable; any thread. Owns the entries' keys and the signer.
/// </remarks>
public sealed class KeyringDocument : IDisposable
{
    /// <summary>Length of a compartment key in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Longest department, level or compartment in bytes of UTF-8.</summary>
    public const int MaxText = 1024;

    private const int ScalarSize = 32;
    private const int HeadSize = 1 + ScalarSize + 4;
    private const int EntryHeadSize = 16 + 4 + KeySize;
    private const byte Version = 1;

    private readonly KeyringEntry[] _entries;

    /// <summary>Takes ownership of the keys and the signer; entries are put in the order of their ids.</summary>
    /// <exception cref="ArgumentException">Two entries share an id, or a label and an epoch; or a field is out of range.</exception>
    public KeyringDocument(IReadOnlyList<KeyringEntry> entries, SigningKey signer)
    {
        _entries = [.. entries.OrderBy(entry => entry.Id.Value)];
        Signer = signer;
        Require.That(IsValid(_entries), "Keyring entries have ids of their own, one key for a label and epoch, keys of 32 bytes, and short names.");
    }

    /// <summary>All entries, by ascending id.</summary>
    public IReadOnlyList<KeyringEntry> Entries => _entries;

    /// <summary>Signs policies, documents and checkpoints.</summary>
    public SigningKey Signer { get; }

    /// <summary>Serialized body (secret: caller wipes).</summary>
    public byte[] Write()
    {
        int size = HeadSize + _entries.Sum(entry => EntryHeadSize + TextSize(entry.Department) + TextSize(entry.Level) + TextSize(entry.Compartment));
        byte[] body = new byte[size];
        body[0] = Version;
        Signer.ExportPrivate(body.AsSpan(1, ScalarSize));
        WriteInt32LittleEndian(body.AsSpan(1 + ScalarSize), _entries.Length);
        Span<byte> rest = body.AsSpan(HeadSize);
        foreach (KeyringEntry entry in _entries)
        {
            entry.Id.Value.Write(rest);
            WriteUInt32LittleEndian(rest[16..], entry.Epoch);
            entry.Key.Bytes.CopyTo(rest[20..]);
            rest = rest[EntryHeadSize..];
            WriteText(ref rest, entry.Department);
            WriteText(ref rest, entry.Level);
            WriteText(ref rest, entry.Compartment);
        }

        return body;
    }

    /// <summary>Reads a body: Ok, Corrupt or NewerVersion. The caller disposes the keyring.</summary>
    public static FormatStatus TryParse(ReadOnlySpan<byte> body, out KeyringDocument? keyring)
    {
        keyring = null;
        if (body.Length < HeadSize || body[0] == 0)
        {
            return FormatStatus.Corrupt;
        }

        if (body[0] > Version)
        {
            return FormatStatus.NewerVersion;
        }

        var entries = new List<KeyringEntry>();
        if (TryReadEntries(body[(1 + ScalarSize)..], entries) && IsValid(entries)
            && SigningKey.TryImport(body.Slice(1, ScalarSize), out SigningKey? signer) && signer is not null)
        {
            keyring = new KeyringDocument(entries, signer);
            return FormatStatus.Ok;
        }

        entries.ForEach(entry => entry.Key.Dispose());
        return FormatStatus.Corrupt;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (KeyringEntry entry in _entries)
        {
            entry.Key.Dispose();
        }

        Signer.Dispose();
    }

    private static bool TryReadEntries(ReadOnlySpan<byte> stored, List<KeyringEntry> entries)
    {
        uint count = ReadUInt32LittleEndian(stored);
        stored = stored[4..];
        for (uint i = 0; i < count; i++)
        {
            if (stored.Length < EntryHeadSize)
            {
                return false;
            }

            ReadOnlySpan<byte> head = stored[..EntryHeadSize];
            stored = stored[EntryHeadSize..];
            if (!TryReadText(ref stored, out string department) || !TryReadText(ref stored, out string level) || !TryReadText(ref stored, out string compartment))
            {
                return false;
            }

            entries.Add(new KeyringEntry(new KeyId(Id128.Read(head)), department, level, compartment, ReadUInt32LittleEndian(head[16..]), SecretKey.Import(head[20..])));
        }

        return stored.IsEmpty;
    }

    private static bool IsValid(IReadOnlyList<KeyringEntry> entries)
    {
        var labels = new HashSet<(string, string, string, uint)>();
        Id128 previous = default;
        foreach (KeyringEntry entry in entries)
        {
            if (entry.Id.Value <= previous || entry.Key.Size != KeySize || !labels.Add((entry.Department, entry.Level, entry.Compartment, entry.Epoch))
                || TextSize(entry.Department) > MaxText + 2 || TextSize(entry.Level) > MaxText + 2 || TextSize(entry.Compartment) > MaxText + 2)
            {
                return false;
            }

            previous = entry.Id.Value;
        }

        return true;
    }

    private static int TextSize(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    private static void WriteText(ref Span<byte> rest, string text)
    {
        OperationStatus status = Utf8.FromUtf16(text, rest[2..], out _, out int length, replaceInvalidSequences: false);
        Require.That(status == OperationStatus.Done, "A label's words are well-formed text.");
        WriteUInt16LittleEndian(rest, (ushort)length);
        rest = rest[(2 + length)..];
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> stored, out string text)
    {
        text = "";
        if (stored.Length < 2)
        {
            return false;
        }

        int length = ReadUInt16LittleEndian(stored);
        if (length > MaxText || length > stored.Length - 2 || !Utf8.IsValid(stored.Slice(2, length)))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(stored.Slice(2, length));
        stored = stored[(2 + length)..];
        return true;
    }
}

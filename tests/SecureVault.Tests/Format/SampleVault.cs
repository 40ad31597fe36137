using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Format.V1;

namespace SecureVault.Tests.Format;

/// <summary>A small whole vault in a folder, composed with the Format room alone: files of two labels, holes, a long name, a link, a log.</summary>
internal sealed class SampleVault : IDisposable
{
    private static readonly KeyId Unlabelled = new(Samples.Id(1));
    private static readonly KeyId FinanceSecret = new(Samples.Id(2));

    private readonly CipherSuite _suite;
    private readonly VaultKeys _keys;
    private readonly SecretKey _unlabelledKey = Samples.Secret(70);
    private readonly SecretKey _financeKey = Samples.Secret(71);
    private readonly Dictionary<string, string> _storedPaths = [];
    private readonly NameCodec _names;

    private SampleVault(string folder, CipherSuite suite, SecretKey vaultKey)
    {
        Folder = folder;
        _suite = suite;
        _keys = new VaultKeys(suite, vaultKey);
        _names = new NameCodec(_keys.Names);
    }

    public string Folder { get; }

    /// <summary>Plain content by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public static SampleVault Write(string folder, CipherSuite suite, string passphrase)
    {
        using SecretKey vaultKey = Samples.Secret();
        using SigningKey signer = Samples.Signer();
        var config = VaultConfig.Create(suite, 12, signer.PublicPoint(), Encoding.UTF8.GetBytes(passphrase), vaultKey, ScryptCost.Default);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "securevault.json"), config.ToJson());

        var vault = new SampleVault(folder, suite, vaultKey);
        vault.WriteDocuments(config.VaultId, signer);
        vault.WriteLog(config.VaultId, signer);
        string root = Path.Combine(folder, "root");
        var rootId = new DirectoryId(Samples.Id(11));
        var papersId = new DirectoryId(Samples.Id(12));
        vault.WriteFolder(root, rootId, default);
        string papers = vault.Place(root, rootId, "papers", out NameTag papersTag);
        vault.WriteFolder(papers, papersId, papersTag);
        vault.WriteFile(root, rootId, "", "empty", []);
        vault.WriteFile(root, rootId, "", new string('n', 255), Samples.Bytes(5000, 3));
        vault.WriteFile(papers, papersId, "/papers", "plan.txt", Samples.Bytes(4096, 9));
        vault.WriteFile(papers, papersId, "/papers", "sparse plan", [.. new byte[4096], .. Samples.Bytes(4096, 1), .. new byte[5000]], data: 1);
        string link = vault.Place(root, rootId, "shortcut", out _);
        byte[] target = new byte[SymlinkCodec.MaxStored];
        File.CreateSymbolicLink(link, Encoding.ASCII.GetString(target, 0, new SymlinkCodec(vault._keys.Links).Seal("papers/plan.txt"u8, target)));
        return vault;
    }

    public void Dispose()
    {
        _keys.Dispose();
        _unlabelledKey.Dispose();
        _financeKey.Dispose();
    }

    /// <summary>Damages the file of this plain name.</summary>
    public void FlipLastByteOf(string name)
    {
        byte[] stored = File.ReadAllBytes(_storedPaths[name]);
        stored[^1] ^= 1;
        File.WriteAllBytes(_storedPaths[name], stored);
    }

    private void WriteDocuments(Id128 vaultId, SigningKey signer)
    {
        // Owns nothing that is not disposed by others here.
        var keyring = new KeyringDocument(
            [new KeyringEntry(Unlabelled, "", "", "", 1, _unlabelledKey), new KeyringEntry(FinanceSecret, "finance", "secret", "", 1, _financeKey)],
            signer);
        byte[] sealedRing = SealedDocument.Seal(DocumentKind.Keyring, 1, vaultId, keyring.Write(), _keys.Document, _suite, signer);
        File.WriteAllBytes(Path.Combine(Folder, "keyring"), sealedRing);
        byte[] sessions = SealedDocument.Seal(DocumentKind.Sessions, 3, vaultId, """{"session":2,"running":false,"boot":"","crashed":[1]}"""u8, _keys.Document, _suite, signer);
        File.WriteAllBytes(Path.Combine(Folder, "sessions"), sessions);
    }

    private void WriteLog(Id128 vaultId, SigningKey signer)
    {
        ChainValue chain = default;
        byte[] record = new byte[AuditFormat.FrameOverhead + 2];
        byte[] checkpoint = new byte[AuditFormat.CheckpointSize];
        var log = new List<byte>();
        Samples.SealRecord(record, 1, "{}"u8, _keys.Audit, vaultId, ref chain);
        log.AddRange(record);
        AuditFormat.WriteCheckpoint(checkpoint, 2, signer, _keys.Audit, vaultId, ref chain);
        log.AddRange(checkpoint);
        var head = new AuditHead { Sequence = 2, LogLength = log.Count, Chain = chain, PolicyVersion = 1, Session = 2 };

        // One record more than the head knows of, as a crash between the two leaves it.
        Samples.SealRecord(record, 3, "{}"u8, _keys.Audit, vaultId, ref chain);
        log.AddRange(record);
        byte[] stored = new byte[AuditHead.StoredSize];
        head.Write(stored, _keys.Audit, vaultId);
        Directory.CreateDirectory(Path.Combine(Folder, "audit"));
        File.WriteAllBytes(Path.Combine(Folder, "audit", "log"), [.. log]);
        File.WriteAllBytes(Path.Combine(Folder, "audit", "head"), stored);
    }

    private void WriteFolder(string path, DirectoryId id, NameTag name)
    {
        Directory.CreateDirectory(path);
        byte[] stored = new byte[DirectoryRecord.StoredSize];
        new DirectoryRecord { Id = id, Name = name }.Write(stored, _keys.Directory, _suite);
        File.WriteAllBytes(Path.Combine(path, Encoding.ASCII.GetString(NameCodec.DirectoryRecordName)), stored);
    }

    /// <summary>Stored path of a new entry; writes the companion of a long name.</summary>
    private string Place(string folder, DirectoryId id, string name, out NameTag tag)
    {
        byte[] cipher = new byte[NameCodec.MaxCipherName];
        cipher = cipher[.._names.Encrypt(id, Encoding.UTF8.GetBytes(name), cipher, out tag)];
        byte[] stored = new byte[NameCodec.MaxStoredName];
        stored = stored[..NameCodec.Spell(cipher, stored, out bool isLong)];
        if (isLong)
        {
            byte[] companion = new byte[NameCodec.MaxStoredName];
            File.WriteAllBytes(Path.Combine(folder, Encoding.ASCII.GetString(companion, 0, NameCodec.CompanionName(stored, companion))), cipher);
        }

        return _storedPaths[name] = Path.Combine(folder, Encoding.ASCII.GetString(stored));
    }

    /// <summary>data: the only block that is no hole, or all when null.</summary>
    private void WriteFile(string folder, DirectoryId folderId, string plainFolder, string name, byte[] plain, int? data = null)
    {
        string path = Place(folder, folderId, name, out NameTag tag);
        Files[$"{plainFolder}/{name}"] = plain;
        using SecretKey secret = Samples.Secret(Files.Count);
        var identity = new FileIdentity(_suite, 12, Protection.Encrypted, new FileId(Samples.Id(100 + Files.Count)));
        using var codec = new BlockCodec(identity, secret);
        bool finance = plainFolder.Length > 0;
        using AeadKey wrapping = AeadKey.Create(_suite, finance ? _financeKey : _unlabelledKey);
        byte[] stored = new byte[FileLayout.CipherSize(plain.Length, 12)];
        FileHeader.WriteKeyRecord(stored.AsSpan(0, FileHeader.KeyRecordSize), identity, _keys.Header, finance ? FinanceSecret : Unlabelled, wrapping, secret);

        long blocks = FileLayout.BlockCount(plain.Length, 12);
        var state = new FileState { Size = plain.Length, DataBlocks = data + 1 ?? blocks, Session = 1, Generation = 1, Name = tag };
        for (int index = 0; index < blocks; index++)
        {
            ReadOnlySpan<byte> block = plain.AsSpan(index << 12);
            block = block[..Math.Min(block.Length, 4096)];
            if (data is null || data == index)
            {
                codec.SealBlock(index, block, stored.AsSpan((int)FileLayout.BlockOffset(index, 12), block.Length + FileLayout.BlockOverhead));
            }
            else if (index < data)
            {
                state.Holes[index / 8] |= (byte)(1 << (index % 8));
            }
        }

        FileHeader.WriteState(stored.AsSpan(FileHeader.StateRecordOffset, FileHeader.StateRecordSize), codec.FileKey, identity.Id, state);
        File.WriteAllBytes(path, stored);
    }
}

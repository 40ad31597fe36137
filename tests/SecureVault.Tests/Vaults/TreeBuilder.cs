using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>Writes folders, files and links into a vault's tree straight from the format's codecs.</summary>
internal sealed class TreeBuilder(Vault vault)
{
    private readonly VaultTree _tree = new(vault);
    private readonly NameCodec _names = new(vault.Keys.Names);

    /// <summary>Makes a folder; returns the path of its stored form.</summary>
    public string Folder(string path, bool leaveRecordOut = false)
    {
        string stored = Stored(path, out NameTag tag);
        Directory.CreateDirectory(stored);
        byte[] record = new byte[DirectoryRecord.StoredSize];
        new DirectoryRecord { Id = new DirectoryId(Id128.Random()), Name = tag }.Write(record, vault.Keys.Directory, vault.Config.Suite);
        if (!leaveRecordOut)
        {
            File.WriteAllBytes(Path.Combine(stored, "securevault.dir"), record);
        }

        return stored;
    }

    /// <summary>Makes a clean, unlabelled file; returns the path of its stored form.</summary>
    public string FileOf(string path, byte[] content, FileStateFlags flags = FileStateFlags.None, ulong session = 0)
    {
        string stored = Stored(path, out NameTag tag);
        int shift = vault.Config.BlockShift;
        int size = 1 << shift;
        using SecretKey secret = SecretKey.Generate(FileHeader.SecretSize);
        var identity = new FileIdentity(vault.Config.Suite, shift, Protection.Encrypted, new FileId(Id128.Random()));
        using var codec = new BlockCodec(identity, secret);
        byte[] bytes = new byte[FileLayout.CipherSize(content.Length, shift)];
        FileHeader.WriteKeyRecord(bytes.AsSpan(0, FileHeader.KeyRecordSize), identity, vault.Keys.Header, vault.Keyring.Unlabelled, vault.Keyring.Find(vault.Keyring.Unlabelled)!, secret);
        int blocks = (content.Length + size - 1) / size;
        var state = new FileState { Size = content.Length, DataBlocks = blocks, Session = session, Generation = 1, Flags = flags, Name = tag };
        FileHeader.WriteState(bytes.AsSpan(FileHeader.StateRecordOffset, FileHeader.StateRecordSize), codec.FileKey, identity.Id, state);
        for (int block = 0; block < blocks; block++)
        {
            ReadOnlySpan<byte> plain = content.AsSpan(block * size, Math.Min(size, content.Length - block * size));
            codec.SealBlock(block, plain, bytes.AsSpan((int)FileLayout.BlockOffset(block, shift), plain.Length + FileLayout.BlockOverhead));
        }

        File.WriteAllBytes(stored, bytes);
        return stored;
    }

    /// <summary>Makes a symbolic link; returns the path of its stored form.</summary>
    public string Link(string path, string target)
    {
        string stored = Stored(path, out _);
        byte[] text = new byte[SymlinkCodec.MaxStored];
        int length = new SymlinkCodec(vault.Keys.Links).Seal(Encoding.UTF8.GetBytes(target), text);
        File.CreateSymbolicLink(stored, Encoding.ASCII.GetString(text, 0, length));
        return stored;
    }

    /// <summary>Path of the stored form of a name that need not exist; writes the companion of a long one.</summary>
    public string Stored(string path, out NameTag tag)
    {
        int cut = path.LastIndexOf('/');
        string folder = path[..cut];
        Assert.Equal(VaultStatus.Ok, _tree.Resolve(folder.Length == 0 ? "/" : folder, out TreeFolder? parent, out TreeEntry? entry));
        string above = Path.Combine(vault.Folder, "root");
        for (int slash = 0; folder.Length > 0 && slash >= 0; slash = folder.IndexOf('/', slash + 1))
        {
            int next = folder.IndexOf('/', slash + 1);
            string prefix = next < 0 ? folder : folder[..next];
            Assert.Equal(VaultStatus.Ok, _tree.Resolve(prefix, out TreeFolder? at, out TreeEntry? one));
            at!.Dispose();
            above = Path.Combine(above, Encoding.ASCII.GetString(one!.Stored));
        }

        TreeFolder? home = parent;
        if (entry is not null)
        {
            Assert.Equal(VaultStatus.Ok, _tree.OpenFolder(parent!, entry, out home));
            parent!.Dispose();
        }

        using (home)
        {
            byte[] cipher = new byte[NameCodec.MaxCipherName];
            int length = _names.Encrypt(home!.Record.Id, RawText.ToBytes(path.AsSpan(cut + 1)), cipher, out tag);
            byte[] stored = new byte[NameCodec.MaxStoredName];
            stored = stored[..NameCodec.Spell(cipher.AsSpan(0, length), stored, out bool isLong)];
            if (isLong)
            {
                byte[] companion = new byte[NameCodec.MaxStoredName];
                companion = companion[..NameCodec.CompanionName(stored, companion)];
                File.WriteAllBytes(Path.Combine(above, Encoding.ASCII.GetString(companion)), cipher[..length]);
            }

            return Path.Combine(above, Encoding.ASCII.GetString(stored));
        }
    }

    /// <summary>Bytes that differ from block to block.</summary>
    public static byte[] Content(int length) => Enumerable.Range(0, length).Select(i => unchecked((byte)(i * 31 + i / 4096))).ToArray();
}

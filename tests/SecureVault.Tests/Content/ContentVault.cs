using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using SecureVault.Content;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Tests.Format;
using Xunit;

namespace SecureVault.Tests.Content;

/// <summary>A temporary folder with keys, in which contents are made and opened; sessions begin, crash and end as the test says.</summary>
internal sealed class ContentVault : IDisposable, IWrappingKeys, ICrashedSessions
{
    internal const int Block = 4096;
    internal static readonly KeyId FirstKey = new(Samples.Id(1));
    internal static readonly KeyId SecondKey = new(Samples.Id(2));
    internal static readonly NameTag SomeName = new(Samples.Id(77));

    private readonly SecretKey _secret = SecretKey.Generate(32);
    private readonly Dictionary<KeyId, AeadKey> _keys = [];
    private readonly HashSet<ulong> _crashed = [];
    private readonly AeadKey _headerKey;
    private readonly StoreHandle _journals;
    private readonly CipherSuite _suite;

    internal ContentVault(IBackingStore? store = null, CipherSuite suite = CipherSuite.Aes256Gcm, int blockShift = 12)
    {
        _suite = suite;
        Store = store ?? new LinuxStore();
        Folder = Directory.CreateTempSubdirectory("content-").FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "journal"));
        _headerKey = AeadKey.Create(suite, _secret);
        foreach (KeyId id in new[] { FirstKey, SecondKey })
        {
            using SecretKey secret = SecretKey.Generate(32);
            _keys[id] = AeadKey.Create(suite, secret);
        }

        Ok(Store.OpenRoot(Folder, out StoreHandle? root));
        Root = root!;
        Ok(Store.OpenDirectory(Root, "journal"u8, out StoreHandle? journals));
        _journals = journals!;
        Context = NewContext(1, blockShift);
    }

    internal string Folder { get; }
    internal IBackingStore Store { get; }
    internal StoreHandle Root { get; }
    internal ContentContext Context { get; private set; }
    internal Protection Protection { get; init; }

    public AeadKey? Find(KeyId id) => _keys.GetValueOrDefault(id);

    public bool Contains(ulong session) => _crashed.Contains(session);

    internal static void Ok(VaultStatus status) => Assert.Equal(VaultStatus.Ok, status);

    internal string PathOf(string name) => Path.Combine(Folder, name);

    internal string[] Journals() => Directory.GetFiles(Path.Combine(Folder, "journal"));

    internal StoreHandle Handle(string name, StoreOpen open = StoreOpen.ReadWrite)
    {
        Ok(Store.OpenFile(Root, Encoding.UTF8.GetBytes(name), open, 0x1A4, out StoreHandle? handle));
        return handle!;
    }

    internal FileContent Create(string name)
    {
        Ok(FileContent.Create(Context, Handle(name, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive), FirstKey, Protection, SomeName, out FileContent? content));
        return content!;
    }

    internal VaultStatus TryOpen(string name, out FileContent? content, bool writable = true)
    {
        StoreHandle handle = Handle(name);
        VaultStatus status = FileContent.Open(Context, handle, writable, out content);
        if (status != VaultStatus.Ok)
        {
            handle.Dispose();
        }

        return status;
    }

    internal FileContent Open(string name, bool writable = true)
    {
        Ok(TryOpen(name, out FileContent? content, writable));
        return content!;
    }

    /// <summary>A committed file of this content.</summary>
    internal void Make(string name, ReadOnlySpan<byte> plain)
    {
        using FileContent content = Create(name);
        Write(content, 0, plain);
        Ok(content.Commit(durable: false));
    }

    internal void NextSession(bool crashed)
    {
        if (crashed)
        {
            _crashed.Add(Context.Session);
        }

        Context = NewContext(Context.Session + 1, Context.BlockShift);
    }

    internal void Offline() => Context = NewContext(0, Context.BlockShift);

    internal static void Write(FileContent content, long offset, ReadOnlySpan<byte> plain)
    {
        Ok(content.Write(offset, plain, append: false, out int written));
        Assert.Equal(plain.Length, written);
    }

    internal static byte[] ReadAll(FileContent content)
    {
        byte[] plain = new byte[content.Size];
        Ok(content.Read(0, plain, out int read));
        Assert.Equal(plain.Length, read);
        return plain;
    }

    /// <summary>Bytes that differ from place to place and from seed to seed.</summary>
    internal static byte[] Pattern(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Dispose()
    {
        Assert.Equal(0, Context.Buffers.Outstanding);
        Root.Dispose();
        _journals.Dispose();
        _headerKey.Dispose();
        _secret.Dispose();
        foreach (AeadKey key in _keys.Values)
        {
            key.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private ContentContext NewContext(ulong session, int blockShift) => new(Store, _suite, blockShift, _headerKey, this, session, this, _journals, TimeProvider.System);
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Content;
using SecureVault.Crypto;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Format.V1;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Gate;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>The waist over a real temporary folder, with a policy, an audit log and a clock that tests hold in their hands.</summary>
internal sealed class TestDrive : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("securevault-namespace-");
    private readonly SecretKey _vaultKey = SecretKey.Generate(32);
    private StoreHandle? _root;
    private StoreHandle? _journal;
    private ulong _session;

    public TestDrive(IBackingStore? store = null)
    {
        Store = store ?? new LinuxStore();
        Keys = new VaultKeys(CipherSuite.Aes256Gcm, _vaultKey);
        Labels = new FakeKeyring();
        Policy = new FakePolicy();
        Audit = new FakeAudit();
        Clock = new FakeClock();
        Directory.CreateDirectory(RootPath);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "journal"));
        Assert.Equal(VaultStatus.Ok, Store.OpenRoot(RootPath, out StoreHandle? root));
        Assert.Equal(VaultStatus.Ok, Store.Stat(root!, out StoreStat stat));
        root!.Dispose();
        Me = new Caller(stat.Uid, stat.Gid, Environment.ProcessId);
        WriteRecord(RootPath, new DirectoryRecord { Id = NewId() });
        Mount();
    }

    public IBackingStore Store { get; }
    public VaultKeys Keys { get; }
    public FakeKeyring Labels { get; }
    public FakePolicy Policy { get; }
    public FakeAudit Audit { get; }
    public FakeClock Clock { get; }
    public FakeCallers Callers { get; } = new();

    /// <summary>Sessions whose open files are recovered; the drive's own count from 1, one for each mount.</summary>
    public HashSet<ulong> Crashed { get; } = [];
    public VaultFileSystem Files { get; private set; } = null!;

    /// <summary>The user that the tests run as: owns what it makes.</summary>
    public Caller Me { get; }

    /// <summary>What the end of a mount answers.</summary>
    public VaultStatus AtEnd { get; init; }

    public string RootPath => Path.Combine(_folder.FullName, "root");

    public void Remount()
    {
        Unmount();
        Mount();
    }

    public void Dispose()
    {
        Unmount();
        Keys.Dispose();
        _vaultKey.Dispose();
        Labels.Dispose();
        _folder.Delete(true);
    }

    public void WriteRecord(string folder, DirectoryRecord record)
    {
        byte[] stored = new byte[DirectoryRecord.StoredSize];
        record.Write(stored, Keys.Directory, CipherSuite.Aes256Gcm);
        File.WriteAllBytes(Path.Combine(folder, "securevault.dir"), stored);
    }

    public DirectoryRecord ReadRecord(string folder)
    {
        byte[] stored = File.ReadAllBytes(Path.Combine(folder, "securevault.dir"));
        Assert.Equal(SecureVault.Format.FormatStatus.Ok, DirectoryRecord.TryOpen(stored, Keys.Directory, CipherSuite.Aes256Gcm, out DirectoryRecord record));
        return record;
    }

    /// <summary>Gives a folder a label as the command does: record rewritten, label epoch raised.</summary>
    public void SetLabel(string path, string label)
    {
        string stored = StoredPath(path);
        DirectoryRecord record = ReadRecord(stored);
        record.LabelKey = Labels.KeyOf(label);
        WriteRecord(stored, record);
        Policy.Edit(p => new PolicyEdit(p.WithLabelsChanged(p.KeyringVersion, 0), null));
    }

    /// <summary>Gives a file a label as the command does: key record rewritten by other handles, label epoch raised.</summary>
    public void Relabel(string path, string label)
    {
        RewrapOnly(path, label);
        Policy.Edit(p => new PolicyEdit(p.WithLabelsChanged(p.KeyringVersion, 0), null));
    }

    /// <summary>The first half of a relabel: the header says so, the policy not yet.</summary>
    public void RewrapOnly(string path, string label)
    {
        string stored = StoredPath(path);
        var store = new LinuxStore();
        Assert.Equal(VaultStatus.Ok, store.OpenRoot(Path.GetDirectoryName(stored)!, out StoreHandle? folder));
        Assert.Equal(VaultStatus.Ok, store.OpenFile(folder!, Encoding.ASCII.GetBytes(Path.GetFileName(stored)), StoreOpen.ReadWrite, 0, out StoreHandle? file));
        Assert.Equal(VaultStatus.Ok, Rewrapping.Run(store, file!, Keys.Header, Labels, Labels.KeyOf(label), out bool changed));
        Assert.True(changed);
        file!.Dispose();
        folder!.Dispose();
    }

    /// <summary>Path in the store of a plain path.</summary>
    public string StoredPath(string path)
    {
        var names = new NameCodec(Keys.Names);
        string stored = RootPath;
        byte[] cipher = new byte[NameCodec.MaxCipherName];
        byte[] spelled = new byte[NameCodec.MaxStoredName];
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            int length = names.Encrypt(ReadRecord(stored).Id, Encoding.UTF8.GetBytes(name), cipher, out _);
            int spelling = NameCodec.Spell(cipher.AsSpan(0, length), spelled, out _);
            stored = Path.Combine(stored, Encoding.ASCII.GetString(spelled, 0, spelling));
        }

        return stored;
    }

    public VaultStatus Find(string path, out NodeId node)
    {
        node = NodeId.Root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            VaultStatus status = Files.Lookup(node, Encoding.UTF8.GetBytes(name), out NodeEntry entry);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            node = entry.Node;
        }

        return VaultStatus.Ok;
    }

    public NodeId Node(string path)
    {
        Assert.Equal(VaultStatus.Ok, Find(path, out NodeId node));
        return node;
    }

    /// <summary>Folder and last name of a path.</summary>
    public (NodeId Parent, byte[] Name) Split(string path)
    {
        int slash = path.LastIndexOf('/');
        return (Node(path[..slash]), Encoding.UTF8.GetBytes(path[(slash + 1)..]));
    }

    public NodeId MakeDirectory(string path)
    {
        (NodeId parent, byte[] name) = Split(path);
        Assert.Equal(VaultStatus.Ok, Files.MakeDirectory(Me, parent, name, 0x1ED, out NodeEntry entry));
        return entry.Node;
    }

    public NodeId Write(string path, string text)
    {
        (NodeId parent, byte[] name) = Split(path);
        Assert.Equal(VaultStatus.Ok, Files.Create(Me, parent, name, 0x1A4, OpenIntent.Write | OpenIntent.Read, out NodeEntry entry, out OpenFile? file));
        Assert.Equal(VaultStatus.Ok, file!.Write(0, Encoding.UTF8.GetBytes(text), out int written));
        Assert.Equal(Encoding.UTF8.GetByteCount(text), written);
        file.Release();
        return entry.Node;
    }

    public string Read(string path)
    {
        Assert.Equal(VaultStatus.Ok, Files.Open(Me, Node(path), OpenIntent.Read, out OpenFile? file, out _));
        byte[] plain = new byte[100_000];
        Assert.Equal(VaultStatus.Ok, file!.Read(0, plain, out int read));
        file.Release();
        return Encoding.UTF8.GetString(plain, 0, read);
    }

    public List<string> List(string path, bool withAttributes = false)
    {
        Assert.Equal(VaultStatus.Ok, Files.OpenDirectory(Me, Node(path), out OpenFolder? directory));
        var sink = new ListSink(Files);
        Assert.Equal(VaultStatus.Ok, directory!.Read(0, withAttributes, sink));
        directory.Release();
        Assert.Equal([".", ".."], sink.Names.Take(2));
        return [.. sink.Names.Skip(2).Order(StringComparer.Ordinal)];
    }

    public static DirectoryId NewId() => new(Id128.Random());

    private void Mount()
    {
        _session++;
        Assert.Equal(VaultStatus.Ok, Store.OpenRoot(RootPath, out _root));
        Assert.Equal(VaultStatus.Ok, Store.OpenRoot(Path.Combine(_folder.FullName, "journal"), out _journal));
        var content = new ContentContext(Store, CipherSuite.Aes256Gcm, FileLayout.DefaultBlockShift, Keys.Header, Labels, _session, new CrashedSessions(Crashed), _journal!, Clock);
        Files = new VaultFileSystem(content, _root!, Labels, Keys, Policy, Audit, Callers, Clock);
    }

    private void Unmount()
    {
        Assert.Equal(AtEnd, Files.Shutdown());
        _ = Store.SyncAll(_root!);
        _root!.Dispose();
        _journal!.Dispose();
        Patience.Until(() => !Held().Any(), "the end of the last descriptor"); // a thread that begins to write a part to the disk has it until then
    }

    private IEnumerable<string> Held() => Directory.GetFileSystemEntries("/proc/self/fd").Select(d => new FileInfo(d).LinkTarget ?? "").Where(t => t.StartsWith(_folder.FullName, StringComparison.Ordinal));

    private sealed class CrashedSessions(HashSet<ulong> sessions) : ICrashedSessions
    {
        public bool Contains(ulong session) => sessions.Contains(session);
    }

    internal sealed class ListSink(VaultFileSystem files) : IDirectorySink
    {
        public List<string> Names { get; } = [];

        public bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry)
        {
            Names.Add(Encoding.Latin1.GetString(name).All(char.IsAscii) ? Encoding.ASCII.GetString(name) : Encoding.UTF8.GetString(name));
            if (entry.Node.Value != 0)
            {
                files.Forget(entry.Node, 1);
            }

            return true;
        }
    }
}

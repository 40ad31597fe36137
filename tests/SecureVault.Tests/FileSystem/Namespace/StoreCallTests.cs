using System;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy;
using SecureVault.Terms;
using SecureVault.Tests.Storage;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>What the operations on small files ask of the store, and what they need not ask.</summary>
public sealed class StoreCallTests : IDisposable
{
    private const string Scope = "finance:secret";

    private readonly CountingStore _store = new();
    private readonly TestDrive _drive;

    public StoreCallTests()
    {
        _drive = new TestDrive(_store);
        _drive.Policy.Edit(p => p.AddDepartment("finance"));
    }

    public void Dispose() => _drive.Dispose();

    [Fact]
    public void A_new_files_label_is_not_read_from_its_header()
    {
        NodeId node = _drive.Write("/file", "text");
        _store.Take();
        Assert.Equal(VaultStatus.Ok, _drive.Files.Open(_drive.Me, node, OpenIntent.Read, out OpenFile? file, out _));
        file!.Release();
        Assert.Equal("", _store.Take());
        Assert.Equal(VaultStatus.Ok, _drive.Files.Unlink(_drive.Me, NodeId.Root, "file"u8));
        Assert.Equal("stat name, unlink", _store.Take());
    }

    [Fact]
    public void A_new_files_label_is_read_again_when_labels_changed()
    {
        NodeId node = _drive.Write("/file", "text");
        _drive.Relabel("/file", Scope);
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, node, OpenIntent.Read, out _, out _));
        Assert.Equal(Scope, _drive.Audit.Last.Label);
        Assert.Equal(VaultStatus.Denied, _drive.Files.Unlink(_drive.Me, NodeId.Root, "file"u8));
    }

    [Theory]
    [InlineData(OpenIntent.Read)]
    [InlineData(OpenIntent.Write)]
    public void An_open_reads_the_header_once(OpenIntent intent)
    {
        NodeId node = Closed("/file", "text");
        Open(node, intent);
        Assert.Equal("open, stat, read", _store.Take());
        Open(node, intent);
        Assert.Equal("open, stat, read", _store.Take());
    }

    [Fact]
    public void A_denied_open_changes_nothing_of_a_file_left_open_by_a_crash()
    {
        _drive.Write("/file", "text");
        byte[] left = System.IO.File.ReadAllBytes(_drive.StoredPath("/file"));
        _drive.Crashed.Add(1);
        _drive.Remount();
        System.IO.File.WriteAllBytes(_drive.StoredPath("/file"), left);
        NodeId node = _drive.Node("/file");
        _drive.Relabel("/file", Scope);
        _store.Take();
        byte[] before = System.IO.File.ReadAllBytes(_drive.StoredPath("/file"));
        _drive.Audit.Clear();
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, node, OpenIntent.Write, out _, out _));
        Assert.Equal("open, stat, read", _store.Take());
        Assert.Equal((false, Scope), (_drive.Audit.Last.Allowed, _drive.Audit.Last.Label));
        Assert.Single(_drive.Audit.Records);
        Assert.Equal(before, System.IO.File.ReadAllBytes(_drive.StoredPath("/file")));
        _drive.Policy.Edit(p => p.AddUser("me", _drive.Me.Uid, null, null, EncryptionMode.Mandatory));
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.Plaintext, null));
        Assert.Equal("text", _drive.Read("/file"));
        Assert.NotEqual(before, System.IO.File.ReadAllBytes(_drive.StoredPath("/file")));
    }

    [Fact]
    public void A_store_that_lets_nothing_be_written_still_records_a_denial_and_opens_to_read()
    {
        NodeId node = Closed("/file", "text");
        _store.RefusesWriting = VaultStatus.ReadOnly;
        Assert.Equal("text", _drive.Read("/file"));
        Assert.Equal(VaultStatus.ReadOnly, _drive.Files.Open(_drive.Me, node, OpenIntent.Write, out _, out _));
        Assert.Equal(0, _drive.Files.OpenFileCount);
        _drive.Relabel("/file", Scope);
        _drive.Audit.Clear();
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, node, OpenIntent.Write, out _, out _));
        Assert.Equal((false, Scope), (_drive.Audit.Last.Allowed, _drive.Audit.Last.Label));
    }

    [Fact]
    public void What_was_read_for_the_decision_is_read_again_when_the_file_was_opened_meanwhile()
    {
        NodeId node = Closed("/file", "text");
        _drive.Callers.Deciding = () =>
        {
            _drive.Callers.Deciding = null;
            Assert.Equal("open, stat, read", _store.Take());
            Open(node, OpenIntent.Read);
            Assert.Equal("open, stat, read", _store.Take());
            _drive.RewrapOnly("/file", Scope);
        };
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, node, OpenIntent.Read, out _, out _));
        Assert.Equal("open, stat, read, read", _store.Take());
        Assert.Equal((false, Scope), (_drive.Audit.Last.Allowed, _drive.Audit.Last.Label));
    }

    [Fact]
    public void A_name_just_found_missing_is_not_asked_for_again_when_it_is_made()
    {
        Assert.Equal(VaultStatus.NotFound, _drive.Find("/file", out _));
        _store.Take();
        Make("file");
        Assert.StartsWith("create", _store.Take(), StringComparison.Ordinal);
        Assert.Equal(VaultStatus.Exists, Create("file"));
        Assert.Equal("stat name", _store.Take());
    }

    [Fact]
    public void A_name_found_missing_is_asked_for_again_once_any_name_of_its_folder_changed()
    {
        _drive.MakeDirectory("/other");
        Assert.Equal(VaultStatus.NotFound, _drive.Find("/file", out _));
        Make("file");
        Assert.Equal(VaultStatus.Ok, _drive.Files.Rename(_drive.Me, NodeId.Root, "file"u8, NodeId.Root, "gone"u8, RenameKind.Replace));
        Assert.Equal(VaultStatus.NotFound, _drive.Find("/file", out _));
        Assert.Equal(VaultStatus.NotFound, _drive.Find("/other/file", out _)); // of another folder
        Assert.Equal(VaultStatus.NotFound, _drive.Find("/file", out _));
        Assert.Equal(VaultStatus.Ok, _drive.Files.Rename(_drive.Me, NodeId.Root, "gone"u8, NodeId.Root, "file"u8, RenameKind.Replace));
        _drive.Audit.Clear();
        Assert.Equal(VaultStatus.Exists, Create("file"));
        Assert.Empty(_drive.Audit.Records);
    }

    [Fact]
    public void A_name_that_another_writer_made_since_it_was_missing_is_not_overwritten()
    {
        Make("original");
        Assert.Equal(VaultStatus.NotFound, _drive.Find("/file", out _));
        System.IO.File.WriteAllText(_drive.StoredPath("/file"), "of another writer");
        Assert.Equal(VaultStatus.Exists, Create("file"));
        _drive.Audit.Clear();
        Assert.Equal(VaultStatus.Exists, Create("file"));
        Assert.Empty(_drive.Audit.Records);
        Assert.Equal("of another writer", System.IO.File.ReadAllText(_drive.StoredPath("/file")));
    }

    [Fact]
    public void A_known_name_is_asked_for_once_when_it_is_removed_and_hard_links_are_counted_then()
    {
        NodeId node = _drive.Write("/file", "text");
        Assert.Equal(VaultStatus.Ok, _drive.Files.Link(_drive.Me, node, NodeId.Root, "link"u8, out _));
        _store.Take();
        Assert.Equal(VaultStatus.Ok, _drive.Files.Unlink(_drive.Me, NodeId.Root, "file"u8));
        Assert.Equal("stat name, unlink", _store.Take());
        Assert.Equal("text", _drive.Read("/link"));
        Assert.Equal(VaultStatus.Ok, _drive.Files.Unlink(_drive.Me, NodeId.Root, "link"u8));
        Assert.Equal(VaultStatus.NotFound, _drive.Files.Unlink(_drive.Me, NodeId.Root, "link"u8));
        Assert.Equal(VaultStatus.NotFound, _drive.Files.Unlink(_drive.Me, NodeId.Root, "file"u8));
    }

    [Fact]
    public void A_name_is_removed_as_what_another_writer_put_there()
    {
        _drive.Policy.Edit(p => p.AddUser("me", _drive.Me.Uid, null, null, EncryptionMode.Mandatory));
        _drive.Write("/file", "text");
        _drive.Write("/other", "secret");
        _drive.Remount();
        _drive.Node("/file");
        string other = _drive.StoredPath("/other");
        _drive.RewrapOnly("/other", Scope);
        System.IO.File.Move(other, _drive.StoredPath("/file"), overwrite: true);
        Assert.Equal(VaultStatus.Denied, _drive.Files.Unlink(_drive.Me, NodeId.Root, "file"u8));
        Assert.Equal((false, Scope), (_drive.Audit.Last.Allowed, _drive.Audit.Last.Label));
        Assert.True(System.IO.File.Exists(_drive.StoredPath("/file")));
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.Plaintext, null));
        Assert.Equal(VaultStatus.Ok, _drive.Files.Unlink(_drive.Me, NodeId.Root, "file"u8));
        Assert.False(System.IO.File.Exists(_drive.StoredPath("/file")));
    }

    [Fact]
    public void Exchanged_and_replaced_names_are_removed_as_what_they_are_now()
    {
        _drive.Write("/a", "of a");
        _drive.Write("/b", "of b");
        Assert.Equal(VaultStatus.Ok, _drive.Files.Rename(_drive.Me, NodeId.Root, "a"u8, NodeId.Root, "b"u8, RenameKind.Exchange));
        Assert.Equal(VaultStatus.Ok, _drive.Files.Unlink(_drive.Me, NodeId.Root, "a"u8));
        Assert.Equal("of a", _drive.Read("/b"));
        _drive.Write("/c", "of c");
        Assert.Equal(VaultStatus.Ok, _drive.Files.Rename(_drive.Me, NodeId.Root, "c"u8, NodeId.Root, "b"u8, RenameKind.Replace));
        _store.Take();
        Assert.Equal(VaultStatus.Ok, _drive.Files.Unlink(_drive.Me, NodeId.Root, "b"u8));
        Assert.Equal("stat name, unlink", _store.Take());
        Assert.Empty(_drive.List("/"));
    }

    private VaultStatus Create(string name)
    {
        VaultStatus status = _drive.Files.Create(_drive.Me, NodeId.Root, System.Text.Encoding.ASCII.GetBytes(name), 0x1A4, OpenIntent.Write | OpenIntent.Exclusive, out _, out OpenFile? file);
        file?.Release();
        return status;
    }

    private void Make(string name) => Assert.Equal(VaultStatus.Ok, Create(name));

    private void Open(NodeId node, OpenIntent intent)
    {
        Assert.Equal(VaultStatus.Ok, _drive.Files.Open(_drive.Me, node, intent, out OpenFile? file, out _));
        file!.Release();
    }

    // A file written before the drive was mounted: closed, and its label not known.
    private NodeId Closed(string path, string text)
    {
        _drive.Write(path, text);
        _drive.Remount();
        NodeId node = _drive.Node(path);
        _store.Take();
        return node;
    }
}

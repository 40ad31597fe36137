using System;
using SecureVault.FileSystem;
using SecureVault.Policy;
using SecureVault.Tests.FileSystem.Storage;
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
        Assert.DoesNotContain("read", _store.Take(), StringComparison.Ordinal);
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
}

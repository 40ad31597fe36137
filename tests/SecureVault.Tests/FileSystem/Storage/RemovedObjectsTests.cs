using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Storage;
using SecureVault.FileSystem.Storage.Linux;
using Xunit;

namespace SecureVault.Tests.FileSystem.Storage;

public sealed class RemovedObjectsTests : IDisposable
{
    private readonly LinuxStore _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("removed-").FullName;
    private readonly StoreHandle _root;

    public RemovedObjectsTests()
    {
        Assert.Equal(VaultStatus.Ok, _store.OpenRoot(_folder, out StoreHandle? root));
        _root = root!;
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_name_is_gone_at_once_and_its_object_when_somebody_asks()
    {
        foreach (int count in new[] { 1, RemovedObjects.Most, 2 * RemovedObjects.Most + 1 })
        {
            Remove(count);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
            Assert.Equal(VaultStatus.Ok, _store.GetStatistics(_root, out _));
            Assert.Equal(0, Held());
        }

        Remove(1);
        Assert.Equal(VaultStatus.Ok, _store.SyncAll(_root));
        Assert.Equal(0, Held());
    }

    [Fact]
    public void Objects_are_let_go_though_nobody_asks()
    {
        Remove(10);
        var waited = Stopwatch.StartNew();
        Assert.True(SpinWait.SpinUntil(() => Held() == 0, TimeSpan.FromSeconds(30)), "still held after " + waited.Elapsed);
        Remove(1);
        Assert.True(SpinWait.SpinUntil(() => Held() == 0, TimeSpan.FromSeconds(30)), "still held after " + waited.Elapsed);
    }

    [Fact]
    public async Task Many_may_remove_and_ask_at_once()
    {
        const int files = 400;
        Task[] removers = [.. Enumerable.Range(0, 4).Select(part => Task.Run(() =>
        {
            for (int i = 0; i < files; i++)
            {
                byte[] name = Encoding.ASCII.GetBytes($"{part}-{i}");
                Make(name);
                Assert.Equal(VaultStatus.Ok, _store.Unlink(_root, name));
                if (i % 50 == 0)
                {
                    Assert.Equal(VaultStatus.Ok, _store.GetStatistics(_root, out _));
                }
            }
        }))];
        await Task.WhenAll(removers);
        Assert.Equal(VaultStatus.Ok, _store.GetStatistics(_root, out _));
        Assert.Equal(0, Held());
    }

    [Fact]
    public void What_may_not_be_removed_stays_and_says_why()
    {
        Assert.Equal(VaultStatus.Ok, _store.MakeDirectory(_root, "d"u8, 0x1C0));
        Make("f"u8.ToArray());
        Assert.Equal(VaultStatus.IsDirectory, _store.Unlink(_root, "d"u8));
        Assert.Equal(VaultStatus.NotDirectory, _store.RemoveDirectory(_root, "f"u8));
        Assert.Equal(VaultStatus.NotFound, _store.Unlink(_root, "none"u8));
        Assert.True(Directory.Exists(_folder + "/d") && File.Exists(_folder + "/f"));
    }

    private void Remove(int count)
    {
        byte[][] names = [.. Enumerable.Range(0, count).Select(i => Encoding.ASCII.GetBytes("f" + i))];
        foreach (byte[] name in names)
        {
            Make(name);
        }

        foreach (byte[] name in names)
        {
            Assert.Equal(VaultStatus.Ok, _store.Unlink(_root, name));
        }
    }

    private void Make(byte[] name)
    {
        Assert.Equal(VaultStatus.Ok, _store.OpenFile(_root, name, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, 0x180, out StoreHandle? file));
        file!.Dispose();
    }

    /// <summary>Descriptors of this process that lead to removed objects of the folder.</summary>
    private int Held() => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(d => d.LinkTarget?.StartsWith(_folder, StringComparison.Ordinal) == true && d.LinkTarget.EndsWith(" (deleted)", StringComparison.Ordinal));
}

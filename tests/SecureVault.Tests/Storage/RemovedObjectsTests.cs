using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Storage;

public sealed class RemovedObjectsTests : LinuxStoreFolder
{
    [Fact]
    public void A_name_is_gone_at_once_and_its_object_when_somebody_asks()
    {
        foreach (int count in new[] { 1, RemovedObjects.Most, 2 * RemovedObjects.Most + 1 })
        {
            Remove(count);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
            Assert.Equal(VaultStatus.Ok, Store.GetStatistics(Root, out _));
            Assert.Equal(0, Held());
        }

        Remove(1);
        Assert.Equal(VaultStatus.Ok, Store.SyncAll(Root));
        Assert.Equal(0, Held());
    }

    [Fact]
    public void Objects_are_let_go_though_nobody_asks()
    {
        Remove(10);
        Patience.Until(() => Held() == 0, "the end of what was removed");
        Remove(1);
        Patience.Until(() => Held() == 0, "the end of what was removed then");
    }

    [Fact]
    public void Many_may_remove_and_ask_at_once()
    {
        const int files = 400;
        SideBySide.Run(4, part =>
        {
            for (int i = 0; i < files; i++)
            {
                byte[] name = Encoding.ASCII.GetBytes($"{part}-{i}");
                Make(name);
                Assert.Equal(VaultStatus.Ok, Store.Unlink(Root, name));
                if (i % 50 == 0)
                {
                    Assert.Equal(VaultStatus.Ok, Store.GetStatistics(Root, out _));
                }
            }
        });
        Assert.Equal(VaultStatus.Ok, Store.GetStatistics(Root, out _));
        Assert.Equal(0, Held());
    }

    [Fact]
    public void What_may_not_be_removed_stays_and_says_why()
    {
        Assert.Equal(VaultStatus.Ok, Store.MakeDirectory(Root, "d"u8, 0x1C0));
        Make("f"u8.ToArray());
        Assert.Equal(VaultStatus.IsDirectory, Store.Unlink(Root, "d"u8));
        Assert.Equal(VaultStatus.NotDirectory, Store.RemoveDirectory(Root, "f"u8));
        Assert.Equal(VaultStatus.NotFound, Store.Unlink(Root, "none"u8));
        Assert.True(Directory.Exists(Folder + "/d") && File.Exists(Folder + "/f"));
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
            Assert.Equal(VaultStatus.Ok, Store.Unlink(Root, name));
        }
    }

    private void Make(byte[] name)
    {
        Assert.Equal(VaultStatus.Ok, Store.OpenFile(Root, name, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, 0x180, out StoreHandle? file));
        file!.Dispose();
    }

    /// <summary>Descriptors of this process that lead to removed objects of the folder.</summary>
    private int Held() => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(d => d.LinkTarget?.StartsWith(Folder, StringComparison.Ordinal) == true && d.LinkTarget.EndsWith(" (deleted)", StringComparison.Ordinal));
}

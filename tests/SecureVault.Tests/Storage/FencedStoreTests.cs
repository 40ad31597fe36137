using System;
using System.IO;
using System.Linq;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Tests.Service;
using Xunit;

namespace SecureVault.Tests.Storage;

/// <summary>A store that was shut off changes nothing and goes on reading, also through handles that were opened for writing.</summary>
public sealed class FencedStoreTests
{
    [Fact]
    public void Shut_it_refuses_every_change_and_reads_on()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["top/below"]);
        File.WriteAllText(folder["top/file"], "text");
        var store = new FencedStore(new LinuxStore());
        Assert.Equal(VaultStatus.Ok, store.OpenRoot(folder["top"], out StoreHandle? top));
        Assert.Equal(VaultStatus.Ok, store.OpenFile(top!, "file"u8, StoreOpen.ReadWrite, 0, out StoreHandle? file));
        using (top)
        using (file)
        {
            store.Shut();
            VaultStatus[] answers =
            [
                store.OpenFile(top!, "file"u8, StoreOpen.ReadWrite, 0, out _),
                store.OpenFile(top!, "new"u8, StoreOpen.Read | StoreOpen.Create, 0, out _),
                store.WriteAt(file!, "x"u8, 0, out _),
                store.SetSize(file!, 0),
                store.Allocate(file!, 0, 1, keepSize: false),
                store.PunchHole(file!, 0, 1),
                store.MakeDirectory(top!, "new"u8, 0x1C0),
                store.MakeNode(top!, "new"u8, NodeKind.Fifo, 0x180, 0),
                store.MakeSymlink(top!, "new"u8, "file"u8),
                store.Unlink(top!, "file"u8),
                store.RemoveDirectory(top!, "below"u8),
                store.Rename(top!, "file"u8, top!, "new"u8, RenameKind.Replace),
                store.Link(top!, "file"u8, top!, "new"u8),
                store.SetMode(top!, "file"u8, 0x1FF),
                store.SetMode(file!, 0x1FF),
                store.SetOwner(top!, "file"u8, 1, 1),
                store.SetOwner(file!, 1, 1),
                store.SetTimes(top!, "file"u8, null, false, null, true),
                store.SetTimes(file!, null, false, null, true),
                store.SetXattr(file!, "user.a"u8, "b"u8, create: false, replace: false),
                store.RemoveXattr(file!, "user.a"u8),
            ];
            Assert.All(answers, answer => Assert.Equal(VaultStatus.ReadOnly, answer));
            Assert.Equal(VaultStatus.Ok, store.OpenFile(top!, "file"u8, StoreOpen.Read, 0, out StoreHandle? again));
            using (again)
            {
                byte[] text = new byte[10];
                Assert.Equal(VaultStatus.Ok, store.ReadAt(again!, text, 0, out int read));
                Assert.Equal("text"u8.ToArray(), text[..read]);
                Assert.Equal(VaultStatus.Ok, store.Lock(again!, wait: false));
            }
        }

        Assert.Equal(["below", "file"], Directory.GetFileSystemEntries(folder["top"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}

using System;
using System.Threading;
using SecureVault.FileSystem.Namespace;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Tests.Storage;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>A file's names come and go in several folders at once, and each that is there stays known.</summary>
public sealed class PlaceTests
{
    private const int Rounds = 300_000;

    [Fact]
    public void A_name_found_beside_changes_of_another_in_another_folder_is_kept()
    {
        var nodes = new NodeTable(new StoredIdentity(1, 1));
        Node file = nodes.Intern(new StoredIdentity(1, 2), NodeKind.File, true);
        Node here = nodes.Intern(new StoredIdentity(1, 3), NodeKind.Directory, true);
        Node there = nodes.Intern(new StoredIdentity(1, 4), NodeKind.Directory, true);
        int lost = 0;
        using var begin = new Barrier(2);
        var others = new Thread(() => lost += Change(nodes, file, there, "there"u8.ToArray(), begin));
        others.Start();
        int mine = Change(nodes, file, here, "here"u8.ToArray(), begin);
        others.Join();
        Assert.Equal(0, mine + lost);
        Assert.Null(file.Place);
    }

    [Fact]
    public void Folders_are_held_once_for_each_name_below_them()
    {
        var nodes = new NodeTable(new StoredIdentity(1, 1));
        Node file = nodes.Intern(new StoredIdentity(1, 2), NodeKind.File, true);
        Node[] folders = [nodes.Intern(new StoredIdentity(1, 3), NodeKind.Directory, true), nodes.Intern(new StoredIdentity(1, 4), NodeKind.Directory, true)];
        EntryName entry = default;
        nodes.AddPlace(file, folders[0], "a"u8, entry, true);
        nodes.AddPlace(file, folders[1], "b"u8, entry, false);
        nodes.Rename(file, folders[0], "a"u8, folders[1], "c"u8, entry);
        nodes.AddPlace(file, folders[1], "c"u8, entry, true);
        nodes.Forget(folders[0], 1);
        nodes.Forget(folders[1], 1);
        Assert.Null(nodes.Find(folders[0].Id));
        Assert.Same(folders[1], nodes.Find(folders[1].Id));
        Assert.Same(file, nodes.Find(folders[1], "c"u8, out _));
        Assert.Null(nodes.Find(folders[1], "b"u8, out _));
        nodes.RemovePlace(file, folders[1], "c"u8, true);
        Assert.Null(nodes.Find(folders[1].Id));
    }

    [Fact]
    public void A_link_made_while_its_file_is_looked_up_under_another_name_stays_known()
    {
        var store = new PausingStore();
        using var drive = new TestDrive(store);
        drive.MakeDirectory("/there");
        NodeId file = drive.Write("/a", "text");
        NodeId there = drive.Node("/there");
        NodeId linked = default;
        drive.Remount();
        (file, there) = (drive.Node("/a"), drive.Node("/there"));
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "a"u8, there, "c"u8, RenameKind.Replace));
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, there, "c"u8, NodeId.Root, "a"u8, RenameKind.Replace));
        store.AfterStat = () => linked = Link(drive, file, there, "b"u8);
        Assert.Equal(file, drive.Node("/a"));
        store.AfterStat = null;
        Assert.Equal(file, linked);
        Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, NodeId.Root, "a"u8));
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(linked, out NodeAttributes attributes));
        Assert.Equal(1u, attributes.Links);
    }

    [Fact]
    public void A_file_linked_elsewhere_while_it_is_being_replaced_lives_on_as_the_same_node()
    {
        var store = new PausingStore();
        using var drive = new TestDrive(store);
        drive.MakeDirectory("/there");
        drive.Write("/a", "new");
        NodeId old = drive.Write("/b", "old");
        NodeId there = drive.Node("/there");
        store.AfterStat = () => store.AfterStat = () => Link(drive, old, there, "kept"u8); // the second stat is that of what is replaced
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "a"u8, NodeId.Root, "b"u8, RenameKind.Replace));
        Assert.Equal("new", drive.Read("/b"));
        Assert.Equal(old, drive.Node("/there/kept"));
        Assert.Equal("old", drive.Read("/there/kept"));
    }

    [Fact]
    public void Links_wait_for_no_commit_that_waits_for_them()
    {
        using var drive = new TestDrive(new NarrowStore());
        long start = Environment.TickCount64;
        for (int n = 0; n < 40; n++)
        {
            NodeId file = drive.Write($"/{n}", "text");
            Assert.Equal(VaultStatus.Ok, drive.Files.Link(drive.Me, file, NodeId.Root, [(byte)'l', (byte)('A' + n)], out _));
        }

        Assert.True(Environment.TickCount64 - start < 10_000, "a link waits two seconds each time when it waits in vain");
    }

    private static int Change(NodeTable nodes, Node file, Node folder, byte[] name, Barrier begin)
    {
        int lost = 0;
        EntryName entry = default;
        begin.SignalAndWait();
        for (int round = 0; round < Rounds; round++)
        {
            nodes.AddPlace(file, folder, name, entry, false);
            lost += file.HasPlace(folder, name) ? 0 : 1;
            nodes.RemovePlace(file, folder, name, false);
        }

        return lost;
    }

    private static NodeId Link(TestDrive drive, NodeId file, NodeId folder, ReadOnlySpan<byte> name)
    {
        byte[] copy = name.ToArray();
        NodeId linked = default;
        var other = new Thread(() =>
        {
            Assert.Equal(VaultStatus.Ok, drive.Files.Link(drive.Me, file, folder, copy, out NodeEntry entry));
            linked = entry.Node;
        });
        other.Start();
        other.Join();
        return linked;
    }

    /// <summary>Has room for so few open files that almost each one waits for those before.</summary>
    private sealed class NarrowStore : DelegatingStore
    {
        public override int OpenLimit => 16;
    }

    /// <summary>Lets something happen, once, between what a stat of a name saw and its answer.</summary>
    private sealed class PausingStore : DelegatingStore
    {
        public Action? AfterStat { get; set; }

        public override VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat)
        {
            VaultStatus status = base.Stat(directory, name, out stat);
            if (AfterStat is { } next && status == VaultStatus.Ok)
            {
                AfterStat = null;
                next();
            }

            return status;
        }
    }
}

using System;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Namespace;
using SecureVault.Tests.Storage;
using Xunit;

namespace SecureVault.Tests.FileSystem.Operations;

/// <summary>Access control lists of files and folders, and what new objects inherit.</summary>
public sealed class AccessListTests
{
    private static byte[] Large => PosixAclTests.Bytes(PosixAclTests.Large);

    [Fact]
    public void A_list_is_kept_sealed_and_is_one_with_the_mode()
    {
        using var drive = new TestDrive();
        NodeId file = drive.Write("/file", "x");
        NodeId folder = drive.MakeDirectory("/folder");
        foreach (NodeId node in new[] { file, folder, NodeId.Root })
        {
            Assert.Equal(VaultStatus.NoAttribute, Get(drive, node, AclKind.Access, out _));
            Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, node, AclKind.Access, Large, false));
            Assert.Equal(0x1F1u, Mode(drive, node)); // 0761
            Assert.Equal(VaultStatus.Ok, Get(drive, node, AclKind.Access, out byte[] value));
            Assert.Equal(Large, value);
            drive.Files.SetAttributes(drive.Me, node, null, new AttributeChange { Mode = 0x1A4 }, out _); // 0644
            Assert.Equal(VaultStatus.Ok, Get(drive, node, AclKind.Access, out value));
            Assert.Equal(PosixAclTests.Bytes([(1, 6, 0), .. PosixAclTests.Large[1..5], (0x10, 4, 0), (0x20, 4, 0)]), value);
        }

        drive.Remount();
        Assert.Equal(VaultStatus.Ok, Get(drive, drive.Node("/file"), AclKind.Access, out _));
        byte[] names = new byte[100];
        Assert.Equal(VaultStatus.Ok, drive.Files.ListXattr(drive.Me, drive.Node("/file"), true, names, out int length));
        Assert.Equal("system.posix_acl_access\0", Encoding.ASCII.GetString(names, 0, length));
        Assert.Equal(VaultStatus.Ok, drive.Files.ListXattr(drive.Me, drive.Node("/file"), false, names, out length));
        Assert.Equal(0, length);
        Assert.Equal(VaultStatus.Range, drive.Files.GetAccessList(drive.Node("/file"), AclKind.Access, new byte[10], out _));
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAccessList(drive.Node("/file"), AclKind.Access, [], out length));
        Assert.Equal(Large.Length, length);
    }

    [Fact]
    public void A_list_that_says_no_more_than_a_mode_is_only_the_mode()
    {
        using var drive = new TestDrive();
        NodeId file = drive.Write("/file", "x");
        byte[] small = PosixAclTests.Bytes(PosixAclTests.Small);
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, Large, false));
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, small, false));
        Assert.Equal(0x1A0u, Mode(drive, file)); // 0640
        Assert.Equal(VaultStatus.NoAttribute, Get(drive, file, AclKind.Access, out _));
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, Large, false));
        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveAccessList(drive.Me, file, AclKind.Access));
        Assert.Equal(0x1F1u, Mode(drive, file));
        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveAccessList(drive.Me, file, AclKind.Access));
    }

    [Fact]
    public void The_set_group_id_bit_goes_when_the_kernel_asks()
    {
        using var drive = new TestDrive();
        NodeId file = drive.Write("/file", "x");
        drive.Files.SetAttributes(drive.Me, file, null, new AttributeChange { Mode = 0x5E8 }, out _); // 02750
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, Large, false));
        Assert.Equal(0x5F1u, Mode(drive, file));
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, Large, true));
        Assert.Equal(0x1F1u, Mode(drive, file));
    }

    [Fact]
    public void What_is_no_list_and_a_default_list_of_a_file_are_refused()
    {
        using var drive = new TestDrive();
        NodeId file = drive.Write("/file", "x");
        Assert.Equal(VaultStatus.Invalid, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, Large.AsSpan(1), false));
        Assert.Equal(VaultStatus.Denied, drive.Files.SetAccessList(drive.Me, file, AclKind.Default, Large, false));
        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveAccessList(drive.Me, file, AclKind.Default));
        Assert.Equal(VaultStatus.NoAttribute, Get(drive, file, AclKind.Default, out _));
    }

    [Fact]
    public void What_keeps_no_list_takes_the_mode_of_one_that_says_no_more()
    {
        using var drive = new TestDrive();
        byte[] small = PosixAclTests.Bytes(PosixAclTests.Small);
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(drive.Me, NodeId.Root, "pipe"u8, NodeKind.Fifo, 0x1B6, 0, out NodeEntry pipe));
        Assert.Equal(VaultStatus.NoAttribute, Get(drive, pipe.Node, AclKind.Access, out _));
        Assert.Equal(VaultStatus.NotSupported, drive.Files.SetAccessList(drive.Me, pipe.Node, AclKind.Access, Large, false));
        drive.Files.SetAttributes(drive.Me, pipe.Node, null, new AttributeChange { Mode = 0x5B6 }, out _); // 02666
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, pipe.Node, AclKind.Access, small, false));
        Assert.Equal(0x5A0u, Mode(drive, pipe.Node));
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, pipe.Node, AclKind.Access, small, true));
        Assert.Equal(0x1A0u, Mode(drive, pipe.Node));
        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveAccessList(drive.Me, pipe.Node, AclKind.Access));
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeSymlink(drive.Me, NodeId.Root, "link"u8, "file"u8, out NodeEntry link));
        Assert.Equal(VaultStatus.NotSupported, drive.Files.SetAccessList(drive.Me, link.Node, AclKind.Access, small, false));
    }

    [Fact]
    public void New_objects_begin_with_the_folders_list_or_without_one_with_the_umask()
    {
        using var drive = new TestDrive();
        Caller me = drive.Me with { Umask = 0x3F }; // 077
        NodeId folder = drive.MakeDirectory("/folder");
        Assert.Equal(VaultStatus.Ok, drive.Files.Create(me, folder, "before"u8, 0x1B6, OpenIntent.Write, out NodeEntry before, out OpenFile? file));
        file!.Release();
        Assert.Equal(0x180u, before.Attributes.Mode);
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, folder, AclKind.Default, Large, false));
        Assert.Equal(VaultStatus.Ok, drive.Files.Create(me, folder, "file"u8, 0x1B6, OpenIntent.Write, out NodeEntry made, out file));
        file!.Release();
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeDirectory(me, folder, "inner"u8, 0x1ED, out NodeEntry inner));
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(me, inner.Node, "node"u8, NodeKind.File, 0x1FF, 0, out NodeEntry node));
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(me, folder, "pipe"u8, NodeKind.Fifo, 0x1FF, 0, out NodeEntry pipe));

        Assert.Equal((0x1B0u, 0x1E1u, 0x1F1u, 0x1F1u), (made.Attributes.Mode, inner.Attributes.Mode, node.Attributes.Mode, pipe.Attributes.Mode));
        Assert.Equal(VaultStatus.Ok, Get(drive, made.Node, AclKind.Access, out byte[] value));
        Assert.Equal(PosixAclTests.Bytes([(1, 6, 0), .. PosixAclTests.Large[1..6], (0x20, 0, 0)]), value);
        Assert.Equal(VaultStatus.Ok, Get(drive, inner.Node, AclKind.Default, out value));
        Assert.Equal(Large, value);
        Assert.Equal(VaultStatus.NoAttribute, Get(drive, pipe.Node, AclKind.Access, out _));

        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveAccessList(drive.Me, folder, AclKind.Default));
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeDirectory(me, folder, "after"u8, 0x1ED, out NodeEntry after));
        Assert.Equal(0x1C0u, after.Attributes.Mode);
        drive.Remount();
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(me, drive.Node("/folder/inner"), "later"u8, NodeKind.File, 0x1FF, 0, out node));
        Assert.Equal(0x1F1u, node.Attributes.Mode);
    }

    [Fact]
    public void A_list_outlives_truncation_a_rename_and_the_work_on_the_content()
    {
        using var drive = new TestDrive();
        NodeId file = drive.Write("/file", "content");
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, Large, false));
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAttributes(drive.Me, file, null, new AttributeChange { Size = 0 }, out _));
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "file"u8, NodeId.Root, "other"u8, RenameKind.Replace));
        drive.Remount();
        Assert.Equal(VaultStatus.Ok, Get(drive, drive.Node("/other"), AclKind.Access, out byte[] value));
        Assert.Equal(Large, value);
    }

    [Fact]
    public void A_list_that_was_changed_in_the_store_is_damage_and_nothing_is_made_below_it()
    {
        using var drive = new TestDrive();
        NodeId folder = drive.MakeDirectory("/folder");
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAccessList(drive.Me, folder, AclKind.Default, Large, false));
        string stored = drive.StoredPath("/folder");
        drive.Remount();
        var store = new LinuxStore();
        Assert.Equal(VaultStatus.Ok, store.OpenRoot(stored, out StoreHandle? handle));
        byte[] names = new byte[512];
        Assert.Equal(VaultStatus.Ok, store.ListXattr(handle!, names, out int length));
        Assert.Equal(VaultStatus.Ok, store.SetXattr(handle!, names.AsSpan(0, length - 1), new byte[80], false, true));
        handle!.Dispose();
        Assert.Equal(VaultStatus.Corrupt, Get(drive, drive.Node("/folder"), AclKind.Default, out _));
        Assert.Equal(VaultStatus.Corrupt, drive.Files.MakeDirectory(drive.Me, drive.Node("/folder"), "in"u8, 0x1FF, out _));
    }

    [Fact]
    public void A_store_without_attributes_offers_no_lists_and_works()
    {
        using var drive = new TestDrive(new Bare());
        Assert.False(drive.Files.KeepsAccessLists);
        NodeId file = drive.Write("/file", "x");
        Assert.Equal(VaultStatus.NoAttribute, Get(drive, file, AclKind.Access, out _));
        Assert.Equal(VaultStatus.NotSupported, drive.Files.SetAccessList(drive.Me, file, AclKind.Access, Large, false));
    }

    private static VaultStatus Get(TestDrive drive, NodeId node, AclKind kind, out byte[] value)
    {
        byte[] room = new byte[4096];
        VaultStatus status = drive.Files.GetAccessList(node, kind, room, out int length);
        value = room[..length];
        return status;
    }

    private static uint Mode(TestDrive drive, NodeId node)
    {
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(node, out NodeAttributes attributes));
        return attributes.Mode;
    }

    private sealed class Bare : DelegatingStore
    {
        public override VaultStatus GetXattr(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length)
        {
            length = 0;
            return VaultStatus.NotSupported;
        }

        public override VaultStatus SetXattr(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) => VaultStatus.NotSupported;
    }
}

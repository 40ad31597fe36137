using System;
using System.IO;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>Hard links, renames, deleted files that are open, and attributes.</summary>
public sealed class ObjectTests
{
    [Fact]
    public void Hard_links_are_one_object()
    {
        using var drive = new TestDrive();
        NodeId first = drive.Write("/first", "before");
        Assert.Equal(VaultStatus.Ok, drive.Files.Link(drive.Me, first, NodeId.Root, "second"u8, out NodeEntry second));
        Assert.Equal(first, second.Node);
        Assert.Equal(2u, second.Attributes.Links);
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, first, OpenIntent.Write, out OpenFile? file, out _));
        Assert.Equal(VaultStatus.Ok, file!.Write(0, "after!"u8, out _));
        Assert.Equal("after!", drive.Read("/second"));
        file.Release();
        Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, NodeId.Root, "first"u8));
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(first, out NodeAttributes attributes));
        Assert.Equal(1u, attributes.Links);
        drive.Remount();
        Assert.Equal("after!", drive.Read("/second"));
    }

    [Fact]
    public void A_deleted_file_that_is_open_reads_and_writes_until_its_release()
    {
        using var drive = new TestDrive();
        NodeId node = drive.Write("/file", "content");
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Read | OpenIntent.Write, out OpenFile? file, out _));
        Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, NodeId.Root, "file"u8));
        Assert.Equal(VaultStatus.NotFound, drive.Find("/file", out _));
        Assert.Equal(VaultStatus.Ok, file!.Write(7, " more"u8, out _));
        byte[] plain = new byte[20];
        Assert.Equal(VaultStatus.Ok, file.Read(0, plain, out int read));
        Assert.Equal("content more", Encoding.ASCII.GetString(plain, 0, read));
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(node, out NodeAttributes attributes));
        Assert.Equal((0u, 12L), (attributes.Links, attributes.Size));
        Assert.Equal(1, drive.Files.OpenFileCount);
        file.Release();
        Assert.Equal(0, drive.Files.OpenFileCount);
        Assert.Equal(VaultStatus.Stale, drive.Files.GetAttributes(node, out _));
        NodeId again = drive.Write("/file", "another");
        Assert.NotEqual(node, again);
    }

    [Fact]
    public void Exchange_swaps_a_file_and_a_folder()
    {
        using var drive = new TestDrive();
        drive.Write("/file", "x");
        drive.MakeDirectory("/folder");
        drive.Write("/folder/inner", "y");
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "file"u8, NodeId.Root, "folder"u8, RenameKind.Exchange));
        drive.Remount();
        Assert.Equal("x", drive.Read("/folder"));
        Assert.Equal("y", drive.Read("/file/inner"));
    }

    [Fact]
    public void A_rename_over_an_open_file_leaves_the_open_one_readable()
    {
        using var drive = new TestDrive();
        NodeId old = drive.Write("/target", "old");
        drive.Write("/source", "new");
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, old, OpenIntent.Read, out OpenFile? file, out _));
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "source"u8, NodeId.Root, "target"u8, RenameKind.Replace));
        byte[] plain = new byte[10];
        Assert.Equal(VaultStatus.Ok, file!.Read(0, plain, out int read));
        Assert.Equal("old", Encoding.ASCII.GetString(plain, 0, read));
        file.Release();
        Assert.Equal("new", drive.Read("/target"));
        Assert.Equal(["target"], drive.List(""));
    }

    [Fact]
    public void A_folder_replaces_an_empty_folder_and_no_other()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/empty");
        drive.MakeDirectory("/full");
        drive.MakeDirectory("/moved");
        drive.Write("/full/file", "x");
        drive.Write("/moved/file", "y");
        Assert.Equal(VaultStatus.NotEmpty, drive.Files.Rename(drive.Me, NodeId.Root, "moved"u8, NodeId.Root, "full"u8, RenameKind.Replace));
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "moved"u8, NodeId.Root, "empty"u8, RenameKind.Replace));
        drive.Remount();
        Assert.Equal("y", drive.Read("/empty/file"));
        Assert.Equal(["empty", "full"], drive.List(""));
        Assert.Equal(3, Directory.GetFileSystemEntries(drive.RootPath).Length);
    }

    [Fact]
    public void A_folder_cannot_move_below_itself()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/a");
        NodeId inner = drive.MakeDirectory("/a/b");
        Assert.Equal(VaultStatus.Invalid, drive.Files.Rename(drive.Me, NodeId.Root, "a"u8, inner, "c"u8, RenameKind.Replace));
    }

    [Fact]
    public void Times_set_by_hand_outlive_the_commit()
    {
        using var drive = new TestDrive();
        NodeId node = drive.Write("/file", "content");
        var change = new AttributeChange { Modified = new FileTime(1_000_000_000, 123_456_789), Accessed = new FileTime(999_999_999, 1) };
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAttributes(drive.Me, node, null, change, out NodeAttributes attributes));
        Assert.Equal(change.Modified, attributes.Modified);
        drive.Remount();
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(drive.Node("/file"), out attributes));
        Assert.Equal(change.Modified, attributes.Modified);
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "file"u8, NodeId.Root, "moved"u8, RenameKind.Replace));
        drive.Remount();
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(drive.Node("/moved"), out attributes));
        Assert.Equal(change.Modified, attributes.Modified);
    }

    [Fact]
    public void Writing_moves_the_time_of_change_forward_and_the_commit_does_not()
    {
        using var drive = new TestDrive();
        drive.Write("/file", "content");
        drive.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, drive.Node("/file"), OpenIntent.Write, out OpenFile? file, out _));
        Assert.Equal(VaultStatus.Ok, file!.Write(0, "C"u8, out _));
        long written = drive.Clock.GetUtcNow().ToUnixTimeSeconds();
        file.Release();
        drive.Clock.Advance(TimeSpan.FromHours(1));
        drive.Remount();
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(drive.Node("/file"), out NodeAttributes attributes));
        Assert.Equal(written, attributes.Modified.Seconds);
    }

    [Fact]
    public void Size_can_be_set_with_and_without_a_handle()
    {
        using var drive = new TestDrive();
        NodeId node = drive.Write("/file", "content");
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAttributes(drive.Me, node, null, new AttributeChange { Size = 3 }, out NodeAttributes attributes));
        Assert.Equal(3, attributes.Size);
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Write, out OpenFile? file, out _));
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAttributes(drive.Me, node, file, new AttributeChange { Size = 5 }, out attributes));
        Assert.Equal(5, attributes.Size);
        file!.Release();
        Assert.Equal("con\0\0", drive.Read("/file"));
        Assert.Equal(VaultStatus.IsDirectory, drive.Files.SetAttributes(drive.Me, NodeId.Root, null, new AttributeChange { Size = 1 }, out _));
        Assert.Equal(VaultStatus.TooLarge, drive.Files.SetAttributes(drive.Me, node, null, new AttributeChange { Size = long.MaxValue }, out _));
    }

    [Fact]
    public void Handles_do_only_what_they_were_opened_for()
    {
        using var drive = new TestDrive();
        NodeId node = drive.Write("/file", "content");
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Read, out OpenFile? reader, out _));
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Write | OpenIntent.Append, out OpenFile? appender, out _));
        byte[] plain = new byte[20];
        Assert.Equal(VaultStatus.BadHandle, reader!.Write(0, "x"u8, out _));
        Assert.Equal(VaultStatus.BadHandle, reader.Allocate(AllocateKind.Allocate, 0, 1));
        Assert.Equal(VaultStatus.BadHandle, appender!.Read(0, plain, out _));
        Assert.Equal(VaultStatus.Ok, appender.Write(0, "!"u8, out _));
        Assert.Equal(VaultStatus.Ok, reader.Read(0, plain, out int read));
        Assert.Equal("content!", Encoding.ASCII.GetString(plain, 0, read));
        Assert.Equal(VaultStatus.Ok, reader.CopyTo(appender, 0, 0, 100, out long copied));
        Assert.Equal(8, copied);
        Assert.Equal("content!content!", drive.Read("/file"));
        reader.Release();
        appender.Release();
    }

    [Fact]
    public void Pipes_sockets_and_for_root_devices_are_made()
    {
        using var drive = new TestDrive();
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(drive.Me, NodeId.Root, "pipe"u8, NodeKind.Fifo, 0x180, 0, out NodeEntry pipe));
        Assert.Equal((NodeKind.Fifo, 0x180u), (pipe.Attributes.Kind, pipe.Attributes.Mode));
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(drive.Me, NodeId.Root, "socket"u8, NodeKind.Socket, 0x180, 0, out _));
        const ulong device = 0x00123403; // as mknod(2) has it: major 0x234, minor 0x103
        bool root = Environment.IsPrivilegedProcess;
        Assert.Equal(root ? VaultStatus.Ok : VaultStatus.NotPermitted, drive.Files.MakeNode(drive.Me, NodeId.Root, "disk"u8, NodeKind.BlockDevice, 0x180, device, out NodeEntry disk));
        Assert.Equal(root ? (NodeKind.BlockDevice, device) : default, (disk.Attributes.Kind, disk.Attributes.Device));
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(drive.Me, NodeId.Root, "file"u8, NodeKind.File, 0x180, 0, out _));
        Assert.Equal("", drive.Read("/file"));
        Assert.Equal([.. root ? ["disk"] : Array.Empty<string>(), "file", "pipe", "socket"], drive.List(""));
    }

    [Fact]
    public void Attributes_of_the_users_own_are_sealed_and_survive()
    {
        using var drive = new TestDrive();
        drive.Write("/file", "x");
        drive.MakeDirectory("/folder");
        foreach (string path in new[] { "/file", "/folder", "" })
        {
            NodeId node = drive.Node(path);
            VaultStatus status = drive.Files.SetXattr(drive.Me, node, "user.note"u8, "value"u8, true, false);
            Assert.Equal(VaultStatus.Ok, status);
            Assert.Equal(VaultStatus.Exists, drive.Files.SetXattr(drive.Me, node, "user.note"u8, "other"u8, true, false));
            Assert.Equal(VaultStatus.Ok, drive.Files.SetXattr(drive.Me, node, "user.note"u8, "other"u8, false, true));
        }

        drive.Remount();
        foreach (string path in new[] { "/file", "/folder", "" })
        {
            NodeId node = drive.Node(path);
            byte[] value = new byte[16];
            Assert.Equal(VaultStatus.Ok, drive.Files.GetXattr(drive.Me, node, "user.note"u8, value, out int length));
            Assert.Equal("other", Encoding.ASCII.GetString(value, 0, length));
            Assert.Equal(VaultStatus.Ok, drive.Files.GetXattr(drive.Me, node, "user.note"u8, [], out length));
            Assert.Equal(5, length);
            Assert.Equal(VaultStatus.Range, drive.Files.GetXattr(drive.Me, node, "user.note"u8, value.AsSpan(0, 2), out _));
            Assert.Equal(VaultStatus.Ok, drive.Files.ListXattr(drive.Me, node, true, value, out length));
            Assert.Equal("user.note\0", Encoding.ASCII.GetString(value, 0, length));
            Assert.Equal(VaultStatus.Ok, drive.Files.RemoveXattr(drive.Me, node, "user.note"u8));
            Assert.Equal(VaultStatus.NoAttribute, drive.Files.GetXattr(drive.Me, node, "user.note"u8, value, out _));
            Assert.Equal(VaultStatus.NoAttribute, drive.Files.RemoveXattr(drive.Me, node, "user.note"u8));
        }

        Assert.Equal(VaultStatus.NotSupported, drive.Files.GetXattr(drive.Me, NodeId.Root, "security.capability"u8, [], out _));
        Assert.Equal(VaultStatus.NotSupported, drive.Files.SetXattr(drive.Me, NodeId.Root, "system.posix_acl_access"u8, "x"u8, false, false));
        Assert.Equal(VaultStatus.NotPermitted, drive.Files.SetXattr(drive.Me, NodeId.Root, "user.securevault.label"u8, "x"u8, false, false));
    }
}

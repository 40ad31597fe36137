using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy.Audit;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>Many threads in one small tree, without a kernel's locks around them.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 6;
    private const int Steps = 250;

    private static readonly HashSet<VaultStatus> Expected =
    [
        VaultStatus.Ok, VaultStatus.NotFound, VaultStatus.Exists, VaultStatus.NotDirectory, VaultStatus.IsDirectory,
        VaultStatus.NotEmpty, VaultStatus.Invalid, VaultStatus.NotPermitted, VaultStatus.Stale,
    ];

    [Fact]
    public void Threads_in_one_tree_leave_it_whole()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/x");
        drive.MakeDirectory("/x/y");
        drive.MakeDirectory("/z");
        var problems = new ConcurrentQueue<string>();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(seed => new Thread(() => Run(drive, seed, problems)))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Empty(problems);
        Assert.Equal(0, drive.Files.OpenFileCount);
        List<string> before = Walk(drive, "");
        drive.Remount();
        Assert.Equal(before, Walk(drive, ""));
        Assert.DoesNotContain(drive.Audit.Records, r => r.Event == AuditEvent.IntegrityFailure);
    }

    [Fact]
    public void A_long_name_that_goes_while_its_folder_is_listed_is_no_damage()
    {
        using var drive = new TestDrive();
        byte[] name = Encoding.ASCII.GetBytes(new string('l', 220));
        var changes = new Thread(() =>
        {
            for (int i = 0; i < Steps; i++)
            {
                _ = Create(drive, NodeId.Root, name);
                _ = drive.Files.Unlink(drive.Me, NodeId.Root, name);
            }
        });
        changes.Start();
        int listings = 0;
        while (changes.IsAlive || listings == 0)
        {
            Assert.Equal(VaultStatus.Ok, List(drive, NodeId.Root));
            listings++;
        }

        Assert.DoesNotContain(drive.Audit.Records, r => r.Event == AuditEvent.IntegrityFailure);
    }

    private static void Run(TestDrive drive, int seed, ConcurrentQueue<string> problems)
    {
        var random = new Random(seed);
        try
        {
            for (int step = 0; step < Steps; step++)
            {
                (string what, VaultStatus status) = Step(drive, random);
                if (!Expected.Contains(status))
                {
                    problems.Enqueue($"seed {seed}, step {step}, {what}: {status}");
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problems.Enqueue($"seed {seed}: {e}");
        }
    }

    private static (string What, VaultStatus Status) Step(TestDrive drive, Random random)
    {
        (NodeId parent, NodeId other) = (Folder(drive, random), Folder(drive, random));
        byte[] name = Name(random);
        byte[] newName = Name(random);
        switch (random.Next(11))
        {
            case 0 or 1:
                return ("create", Create(drive, parent, name));
            case 2:
                return ("unlink", drive.Files.Unlink(drive.Me, parent, name));
            case 3:
                return ("mkdir", Forget(drive, drive.Files.MakeDirectory(drive.Me, parent, name, 0x1C0, out NodeEntry made), made));
            case 4:
                return ("rmdir", drive.Files.RemoveDirectory(drive.Me, parent, name));
            case 5:
                return ("link", Link(drive, parent, name, other, newName));
            case 6:
                return ("read", Read(drive, parent, name));
            case 7:
                return ("list", List(drive, parent));
            case 8:
                return ("symlink", Forget(drive, drive.Files.MakeSymlink(drive.Me, parent, name, "target"u8, out NodeEntry symlink), symlink));
            case 9:
                return ("attribute", Attribute(drive, parent, name));
            default:
                return ("rename", drive.Files.Rename(drive.Me, parent, name, other, newName, (RenameKind)random.Next(3)));
        }
    }

    private static NodeId Folder(TestDrive drive, Random random)
    {
        string[] paths = ["", "/x", "/x/y", "/z"];
        return drive.Find(paths[random.Next(paths.Length)], out NodeId node) == VaultStatus.Ok ? node : NodeId.Root;
    }

    private static byte[] Name(Random random) => Encoding.ASCII.GetBytes(new[] { "a", "b", "c", "x", "y", "z", new string('l', 220) }[random.Next(7)]);

    private static VaultStatus Forget(TestDrive drive, VaultStatus status, in NodeEntry entry)
    {
        if (status == VaultStatus.Ok)
        {
            drive.Files.Forget(entry.Node, 1);
        }

        return status;
    }

    private static VaultStatus Create(TestDrive drive, NodeId parent, byte[] name)
    {
        VaultStatus status = drive.Files.Create(drive.Me, parent, name, 0x180, OpenIntent.Read | OpenIntent.Write, out NodeEntry entry, out OpenFile? file);
        if (status == VaultStatus.Ok)
        {
            status = file!.Write(0, "content"u8, out _);
            file.Release();
            drive.Files.Forget(entry.Node, 1);
        }

        return status;
    }

    private static VaultStatus Link(TestDrive drive, NodeId parent, byte[] name, NodeId other, byte[] newName)
    {
        VaultStatus status = drive.Files.Lookup(parent, name, out NodeEntry entry);
        if (status == VaultStatus.Ok)
        {
            status = Forget(drive, drive.Files.Link(drive.Me, entry.Node, other, newName, out NodeEntry linked), linked);
            drive.Files.Forget(entry.Node, 1);
        }

        return status;
    }

    private static VaultStatus Attribute(TestDrive drive, NodeId parent, byte[] name)
    {
        VaultStatus status = drive.Files.Lookup(parent, name, out NodeEntry entry);
        if (status == VaultStatus.Ok)
        {
            status = drive.Files.SetXattr(drive.Me, entry.Node, "user.x"u8, "value"u8, false, false);
            status = status == VaultStatus.NotSupported ? VaultStatus.Ok : status; // of a link
            drive.Files.Forget(entry.Node, 1);
        }

        return status;
    }

    private static VaultStatus Read(TestDrive drive, NodeId parent, byte[] name)
    {
        VaultStatus status = drive.Files.Lookup(parent, name, out NodeEntry entry);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        _ = drive.Files.GetAttributes(entry.Node, out _);
        status = drive.Files.Open(drive.Me, entry.Node, OpenIntent.Read, out OpenFile? file, out _);
        if (status == VaultStatus.Ok)
        {
            status = file!.Read(0, new byte[100], out _);
            file.Release();
        }

        drive.Files.Forget(entry.Node, 1);
        return status;
    }

    private static VaultStatus List(TestDrive drive, NodeId parent)
    {
        VaultStatus status = drive.Files.OpenDirectory(drive.Me, parent, out OpenFolder? directory);
        if (status == VaultStatus.Ok)
        {
            status = directory!.Read(0, true, new TestDrive.ListSink(drive.Files));
            directory.Release();
        }

        return status;
    }

    private static List<string> Walk(TestDrive drive, string path)
    {
        var found = new List<string>();
        foreach (string name in drive.List(path))
        {
            string inner = $"{path}/{name}";
            Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(drive.Node(inner), out NodeAttributes attributes));
            found.Add($"{inner} {attributes.Kind} {(attributes.Kind == NodeKind.File ? drive.Read(inner) : "")}");
            if (attributes.Kind == NodeKind.Directory)
            {
                found.AddRange(Walk(drive, inner));
            }
        }

        return found;
    }
}

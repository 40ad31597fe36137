using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>Random operations on the waist and on a naive model: the same answers, the same tree, before and after a remount.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private static readonly string[] Names = ["a", "b", "c", "d", "report.txt", "\u5de5\u8d44\u5355", new('x', 200), string.Concat(Enumerable.Repeat("\u8868", 85))];

    [Theory]
    [InlineData(1, 400)]
    [InlineData(2, 400)]
    [InlineData(3, 400)]
    public void Random_operations_agree_with_the_model(int seed, int steps)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var drive = new TestDrive();
        var model = new TreeModel();
        for (int step = 0; step < steps; step++)
        {
            Step(drive, model, random, $"seed {seed}, step {step}");
            if (step % 50 == 49)
            {
                Compare(drive, model);
            }
        }

        drive.Remount();
        Compare(drive, model);
    }

    private static void Step(TestDrive drive, TreeModel model, Random random, string where)
    {
        (string folderPath, ModelObject folder) = Pick(model, random, NodeKind.Directory);
        (string otherPath, ModelObject other) = Pick(model, random, NodeKind.Directory);
        NodeId parent = drive.Node(folderPath);
        NodeId newParent = drive.Node(otherPath);
        string name = Names[random.Next(Names.Length)];
        string newName = Names[random.Next(Names.Length)];
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        byte[] newBytes = Encoding.UTF8.GetBytes(newName);
        (VaultStatus expected, VaultStatus actual) = random.Next(12) switch
        {
            0 or 1 => MakeDirectory(drive, folder, name, parent, bytes),
            2 or 3 => Create(drive, folder, name, parent, bytes, random),
            4 => (TreeModel.Unlink(folder, name), drive.Files.Unlink(drive.Me, parent, bytes)),
            5 => (TreeModel.RemoveDirectory(folder, name), drive.Files.RemoveDirectory(drive.Me, parent, bytes)),
            6 => MakeSymlink(drive, folder, name, parent, bytes, random),
            7 => Link(drive, model, other, newName, newParent, newBytes, random),
            8 => Write(drive, model, random),
            _ => Rename(drive, (folder, name, parent, bytes), (other, newName, newParent, newBytes), (RenameKind)random.Next(3)),
        };
        Assert.True(expected == actual, $"{where}: expected {expected}, got {actual}");
    }

    private static (VaultStatus, VaultStatus) Rename(TestDrive drive, (ModelObject Folder, string Name, NodeId Node, byte[] Bytes) from, (ModelObject Folder, string Name, NodeId Node, byte[] Bytes) to, RenameKind kind) =>
        (TreeModel.Rename(from.Folder, from.Name, to.Folder, to.Name, kind), drive.Files.Rename(drive.Me, from.Node, from.Bytes, to.Node, to.Bytes, kind));

    private static (VaultStatus, VaultStatus) MakeDirectory(TestDrive drive, ModelObject folder, string name, NodeId parent, byte[] bytes) =>
        (TreeModel.Make(folder, name, NodeKind.Directory, out _), drive.Files.MakeDirectory(drive.Me, parent, bytes, 0x1ED, out _));

    private static (VaultStatus, VaultStatus) Create(TestDrive drive, ModelObject folder, string name, NodeId parent, byte[] bytes, Random random)
    {
        VaultStatus expected = TreeModel.Make(folder, name, NodeKind.File, out ModelObject? made);
        VaultStatus actual = drive.Files.Create(drive.Me, parent, bytes, 0x1A4, OpenIntent.Write | OpenIntent.Exclusive, out _, out OpenFile? file);
        if (actual == VaultStatus.Ok && made is not null)
        {
            made.Content = new byte[random.Next(10_000)];
            random.NextBytes(made.Content);
            Assert.Equal(VaultStatus.Ok, file!.Write(0, made.Content, out _));
            file.Release();
        }

        return (expected, actual);
    }

    private static (VaultStatus, VaultStatus) MakeSymlink(TestDrive drive, ModelObject folder, string name, NodeId parent, byte[] bytes, Random random)
    {
        byte[] target = Encoding.UTF8.GetBytes("../" + Names[random.Next(Names.Length)]);
        VaultStatus expected = TreeModel.Make(folder, name, NodeKind.Symlink, out ModelObject? made);
        if (made is not null)
        {
            made.Content = target;
        }

        return (expected, drive.Files.MakeSymlink(drive.Me, parent, bytes, target, out _));
    }

    private static (VaultStatus, VaultStatus) Link(TestDrive drive, TreeModel model, ModelObject other, string newName, NodeId newParent, byte[] newBytes, Random random)
    {
        (string path, ModelObject target) = Pick(model, random, random.Next(10) == 0 ? NodeKind.Directory : NodeKind.File);
        NodeId node = drive.Node(path);
        return (TreeModel.Link(target, other, newName), drive.Files.Link(drive.Me, node, newParent, newBytes, out _));
    }

    private static (VaultStatus, VaultStatus) Write(TestDrive drive, TreeModel model, Random random)
    {
        (string path, ModelObject target) = Pick(model, random, NodeKind.File);
        if (target.Kind != NodeKind.File)
        {
            return (VaultStatus.Ok, VaultStatus.Ok);
        }

        OpenIntent intent = OpenIntent.Read | OpenIntent.Write | (random.Next(4) == 0 ? OpenIntent.Truncate : 0);
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, drive.Node(path), intent, out OpenFile? file, out _));
        target.Content = (intent & OpenIntent.Truncate) != 0 ? [] : target.Content;
        byte[] more = new byte[random.Next(5000)];
        random.NextBytes(more);
        int offset = random.Next(target.Content.Length + 3000);
        VaultStatus actual = file!.Write(offset, more, out _);
        byte[] content = target.Content;
        Array.Resize(ref content, more.Length == 0 ? content.Length : Math.Max(content.Length, offset + more.Length));
        more.CopyTo(content.AsSpan(Math.Min(offset, content.Length)));
        target.Content = content;
        file.Release();
        return (VaultStatus.Ok, actual);
    }

    private static (string Path, ModelObject Object) Pick(TreeModel model, Random random, NodeKind kind)
    {
        var all = model.All().Where(o => o.Object.Kind == kind).OrderBy(o => o.Path, StringComparer.Ordinal).ToList();
        return all.Count == 0 ? ("", model.Root) : all[random.Next(all.Count)];
    }

    private static void Compare(TestDrive drive, TreeModel model)
    {
        foreach ((string path, ModelObject expected) in model.All())
        {
            Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(drive.Node(path), out NodeAttributes attributes));
            Assert.Equal(expected.Kind, attributes.Kind);
            if (expected.Kind == NodeKind.Directory)
            {
                var names = expected.Children.Keys.Order(StringComparer.Ordinal).ToList();
                Assert.Equal(names, drive.List(path));
                Assert.Equal(names, drive.List(path, withAttributes: true));
                continue;
            }

            Assert.Equal(expected.Links, (int)attributes.Links);
            Assert.Equal(expected.Content.Length, attributes.Size);
            Assert.Equal(expected.Content, Content(drive, path, expected.Kind));
        }
    }

    private static byte[] Content(TestDrive drive, string path, NodeKind kind)
    {
        byte[] plain = new byte[50_000];
        if (kind == NodeKind.Symlink)
        {
            Assert.Equal(VaultStatus.Ok, drive.Files.ReadSymlink(drive.Node(path), plain.AsSpan(0, 4096), out int length));
            return plain[..length];
        }

        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, drive.Node(path), OpenIntent.Read, out OpenFile? file, out _));
        Assert.Equal(VaultStatus.Ok, file!.Read(0, plain, out int read));
        file.Release();
        return plain[..read];
    }
}

using System;
using SecureVault.FileSystem;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>What a kernel asks for thousands of times a second allocates nothing.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Lookups_of_known_names_allocate_nothing() => Measure((drive, _) =>
    {
        Assert.Equal(VaultStatus.Ok, drive.Files.Lookup(NodeId.Root, "file"u8, out NodeEntry entry));
        drive.Files.Forget(entry.Node, 1);
    });

    [Fact]
    public void Attributes_allocate_nothing() => Measure((drive, open) => Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(open.Node, out _)));

    [Fact]
    public void Reads_allocate_nothing() => Measure((drive, open) =>
    {
        Span<byte> plain = stackalloc byte[4096];
        Assert.Equal(VaultStatus.Ok, open.Read(0, plain, out _));
    });

    [Fact]
    public void Writes_allocate_nothing() => Measure((drive, open) =>
    {
        Span<byte> plain = stackalloc byte[4096];
        Assert.Equal(VaultStatus.Ok, open.Write(8192, plain, out _));
    });

    private static void Measure(Action<TestDrive, OpenFile> operation)
    {
        using var drive = new TestDrive();
        NodeId node = drive.Write("/file", new string('x', 10_000));
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Read | OpenIntent.Write, out OpenFile? open, out _));
        for (int i = 0; i < 200; i++)
        {
            operation(drive, open!);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
        {
            operation(drive, open!);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        open!.Release();
        Assert.InRange(allocated, 0, 200); // assertions box now and then; one byte for each call would show
    }
}

using System;
using SecureVault.FileSystem;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>What a kernel asks for thousands of times a second allocates nothing.</summary>
public sealed class AllocationTests
{
    private const int Calls = 500;

    [Fact]
    public void Lookups_of_known_names_allocate_nothing() => Measure((drive, _) =>
    {
        VaultStatus status = drive.Files.Lookup(NodeId.Root, "file"u8, out NodeEntry entry);
        drive.Files.Forget(entry.Node, 1);
        return status;
    });

    [Fact]
    public void Lookups_of_missing_names_allocate_nothing() =>
        Measure((drive, open) => drive.Files.Lookup(NodeId.Root, "missing"u8, out _) == VaultStatus.NotFound ? VaultStatus.Ok : VaultStatus.InputOutput);

    [Fact]
    public void Attributes_allocate_nothing() => Measure((drive, open) => drive.Files.GetAttributes(open.Node, out _));

    [Fact]
    public void Reads_allocate_nothing() => Measure((drive, open) =>
    {
        Span<byte> plain = stackalloc byte[4096];
        return open.Read(0, plain, out _);
    });

    [Fact]
    public void Writes_allocate_nothing() => Measure((drive, open) =>
    {
        Span<byte> plain = stackalloc byte[4096];
        return open.Write(8192, plain, out _);
    });

    private static void Measure(Func<TestDrive, OpenFile, VaultStatus> operation)
    {
        using var drive = new TestDrive();
        NodeId node = drive.Write("/file", new string('x', 10_000));
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Read | OpenIntent.Write, out OpenFile? open, out _));
        int done = Repeat(drive, open!, operation);
        long allocated = long.MaxValue;
        for (int round = 0; round < 3; round++) // a commit by the clock may fall into one of them
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            done += Repeat(drive, open!, operation);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        open!.Release();
        Assert.Equal(4 * Calls, done);
        Assert.InRange(allocated, 0, Calls - 1); // less than a byte for each call: what a buffer that fills up may need
    }

    private static int Repeat(TestDrive drive, OpenFile open, Func<TestDrive, OpenFile, VaultStatus> operation)
    {
        int done = 0;
        for (int i = 0; i < Calls; i++)
        {
            done += operation(drive, open) == VaultStatus.Ok ? 1 : 0;
        }

        return done;
    }
}

using System;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>What a kernel asks for thousands of times a second allocates nothing.</summary>
public sealed class AllocationTests
{
    private const int Calls = 500;

    [Fact]
    public void Lookups_of_known_names_allocate_nothing() => Hold("drive.lookup", (drive, open) =>
    {
        VaultStatus status = drive.Files.Lookup(NodeId.Root, "file"u8, out NodeEntry entry);
        drive.Files.Forget(entry.Node, 1);
        return status;
    });

    [Fact]
    public void Lookups_of_missing_names_allocate_nothing() =>
        Hold("drive.lookup-missing", (drive, open) => drive.Files.Lookup(NodeId.Root, "missing"u8, out _) == VaultStatus.NotFound ? VaultStatus.Ok : VaultStatus.InputOutput);

    [Fact]
    public void Attributes_allocate_nothing() => Hold("drive.getattr", (drive, open) => drive.Files.GetAttributes(open.Node, out _));

    [Fact]
    public void Reads_allocate_nothing() => Hold("drive.read", (drive, open) =>
    {
        Span<byte> plain = stackalloc byte[4096];
        return open.Read(0, plain, out _);
    });

    [Fact]
    public void Writes_allocate_nothing() => Hold("drive.write", (drive, open) =>
    {
        Span<byte> plain = stackalloc byte[4096];
        return open.Write(8192, plain, out _);
    });

    private static void Hold(string operation, Func<TestDrive, OpenFile, VaultStatus> call)
    {
        using var drive = new TestDrive();
        NodeId node = drive.Write("/file", new string('x', 10_000));
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Read | OpenIntent.Write, out OpenFile? open, out _));
        Allocations.Hold(operation, () => Assert.True(call(drive, open!) == VaultStatus.Ok));
        open!.Release();
    }
}

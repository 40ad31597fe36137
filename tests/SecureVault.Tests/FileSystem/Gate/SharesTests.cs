using System.Collections.Generic;
using System.Linq;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Namespace;
using SecureVault.Tests.Storage;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>What one user may take of the drive's descriptors.</summary>
public sealed class SharesTests
{
    private static readonly Caller One = new(54_321, 54_321, 1);
    private static readonly Caller Other = new(54_322, 54_322, 1);

    [Fact]
    public void One_user_gets_a_quarter_all_together_half_and_what_is_given_back_can_be_had_again()
    {
        using var drive = new TestDrive(new Few());
        drive.Write("/file", "x");
        List<OpenFile> ones = Most(drive, One);
        Assert.Equal(Few.Descriptors / 4, ones.Count);
        Assert.Equal(VaultStatus.TooManyOpen, drive.Files.Create(One, NodeId.Root, "new"u8, 0x180, OpenIntent.Write, out _, out _));
        Assert.Equal(VaultStatus.NotFound, drive.Files.Lookup(NodeId.Root, "new"u8, out _));
        Assert.Equal(VaultStatus.TooManyOpen, drive.Files.OpenDirectory(One, NodeId.Root, out _));
        List<OpenFile> others = Most(drive, Other);
        Assert.Equal(Few.Descriptors / 4, others.Count);
        Assert.Equal(VaultStatus.TooManyOpen, drive.Files.OpenDirectory(drive.Me, NodeId.Root, out _));
        others[0].Release();
        Assert.Equal(VaultStatus.Ok, drive.Files.OpenDirectory(Other, NodeId.Root, out OpenFolder? folder));
        Assert.Equal(VaultStatus.TooManyOpen, drive.Files.OpenDirectory(Other, NodeId.Root, out _));
        folder!.Release();
        foreach (OpenFile file in ones.Concat(others.Skip(1)))
        {
            file.Release();
        }

        Assert.Equal(Few.Descriptors / 4, Most(drive, One, release: true).Count);
    }

    private static List<OpenFile> Most(TestDrive drive, Caller caller, bool release = false)
    {
        var files = new List<OpenFile>();
        while (drive.Files.Open(caller, drive.Node("/file"), OpenIntent.Read, out OpenFile? file, out _) == VaultStatus.Ok)
        {
            files.Add(file!);
        }

        foreach (OpenFile file in release ? files : [])
        {
            file.Release();
        }

        return files;
    }

    private sealed class Few : DelegatingStore
    {
        public const int Descriptors = 400;

        public override int OpenLimit => Descriptors;
    }
}

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
    private const int Descriptors = 400;
    private static readonly Caller Root = new(0, 0, 1);
    private static readonly Caller One = new(54_321, 54_321, 1);
    private static readonly Caller Other = new(54_322, 54_322, 1);

    [Fact]
    public void One_user_gets_a_quarter_all_together_half_and_what_is_given_back_can_be_had_again()
    {
        var shares = new OpenShares(Descriptors, servesOthers: true);
        List<OpenShares.Share> ones = Most(shares, One);
        Assert.Equal(Descriptors / 4, ones.Count);
        Assert.Equal(Descriptors / 4, Most(shares, Other).Count);
        Assert.Null(shares.TryTake(Root));
        shares.Return(ones[0]);
        Assert.Null(shares.TryTake(Other));
        Assert.NotNull(shares.TryTake(One));
        foreach (OpenShares.Share share in ones)
        {
            shares.Return(share);
        }

        Assert.Equal(Descriptors / 4, Most(shares, Root).Count);
        Assert.Equal(Descriptors / 2, Most(new OpenShares(Descriptors, servesOthers: false), One).Count);
    }

    [Fact]
    public void A_drive_that_has_given_out_all_makes_and_opens_nothing_and_goes_on_when_some_come_back()
    {
        using var drive = new TestDrive(new Few());
        drive.Write("/file", "x");
        var files = new List<OpenFile>();
        while (drive.Files.Open(drive.Me, drive.Node("/file"), OpenIntent.Read, out OpenFile? file, out _) == VaultStatus.Ok)
        {
            files.Add(file!);
        }

        Assert.InRange(files.Count, Descriptors / 4, Descriptors / 2);
        Assert.Equal(VaultStatus.TooManyOpen, drive.Files.Create(drive.Me, NodeId.Root, "new"u8, 0x180, OpenIntent.Write, out _, out _));
        Assert.Equal(VaultStatus.NotFound, drive.Files.Lookup(NodeId.Root, "new"u8, out _));
        Assert.Equal(VaultStatus.TooManyOpen, drive.Files.OpenDirectory(drive.Me, NodeId.Root, out _));
        files[0].Release();
        Assert.Equal(VaultStatus.Ok, drive.Files.OpenDirectory(drive.Me, NodeId.Root, out OpenFolder? folder));
        Assert.Equal(VaultStatus.TooManyOpen, drive.Files.OpenDirectory(drive.Me, NodeId.Root, out _));
        folder!.Release();
        foreach (OpenFile file in files.Skip(1))
        {
            file.Release();
        }

        Assert.Equal(["file"], drive.List("/"));
    }

    private static List<OpenShares.Share> Most(OpenShares shares, Caller caller)
    {
        var taken = new List<OpenShares.Share>();
        while (shares.TryTake(caller) is { } share)
        {
            taken.Add(share);
        }

        return taken;
    }

    private sealed class Few : DelegatingStore
    {
        public override int OpenLimit => Descriptors;
    }
}

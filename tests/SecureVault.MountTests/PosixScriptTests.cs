using System.Collections.Generic;
using System.IO;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>What POSIX suites and applications found, each a script of tests/scripts/posix: on the plain disk (the control) and on the drive.</summary>
public sealed class PosixScriptTests(DriveFixture fixture) : IClassFixture<DriveFixture>
{
    [SkippableTheory]
    [InlineData("listings", false)]
    [InlineData("listings", true)]
    [InlineData("replaced", false)]
    [InlineData("replaced", true)]
    [InlineData("rotated", false)]
    [InlineData("rotated", true)]
    [InlineData("direct", false)]
    [InlineData("direct", true)]
    public void Script_holds(string script, bool onDrive) => Run(script, onDrive);

    [SkippableFact]
    public void A_removed_folder_that_is_open_answers_as_on_the_plain_disk() =>
        Assert.Equal(Run("removed-folder", onDrive: false), Run("removed-folder", onDrive: true));

    [SkippableFact]
    public void Devices_are_made_and_told_apart_and_cannot_be_opened_on_the_drive()
    {
        string path = Folder(onDrive: true) + "/null";
        string answer = Shell($"mknod '{path}' c 1 3 && stat -c '%F %Hr:%Lr' '{path}' && mknod '{path}.b' b 259 70000 && stat -c '%F %Hr:%Lr' '{path}.b' && ls '{Path.GetDirectoryName(path)}'");
        Assert.Equal("character special file 1:3\nblock special file 259:70000\nnull\nnull.b\n", answer);
        Assert.NotEqual(0, Programs.Shell($"cat '{path}'").ExitCode); // nodev
        Shell($"rm '{path}' '{path}.b'");
    }

    private string Run(string script, bool onDrive)
    {
        Require.Tool("python3");
        Ended ended = Programs.Run("python3", [Path.Combine(Programs.Repository, "tests/scripts/posix", script + ".py"), Folder(onDrive)], new Dictionary<string, string>(), Patience.OfWork);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return ended.Output;
    }

    private static string Shell(string command)
    {
        Ended ended = Programs.Shell(command);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended.Output;
    }

    private string Folder(bool onDrive)
    {
        Require.Mounts();
        string folder = (onDrive ? fixture.Drive.Open : fixture.Drive.Folder) + "/" + Path.GetRandomFileName();
        Directory.CreateDirectory(folder);
        return folder;
    }
}

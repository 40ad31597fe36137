using System;
using System.IO;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The Linux and the Windows program (under Wine) on one folder: they share nothing else, and neither sees the other's locks.</summary>
[Collection(OneWindows.Name)]
public sealed class WindowsOpenersTests(WindowsProgram windows)
{
    [SkippableFact]
    public void A_vault_that_Linux_has_mounted_is_seen_as_such_by_Windows()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        File.WriteAllText(drive.Open + "/note", "kept");
        string vault = WindowsProgram.Path(drive.Vault);
        foreach (string command in new[] { "restored", "adopt" })
        {
            Ended refused = windows.Securevault(command, vault);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains($"mounted already at {drive.MountPoint} on ", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.TrimEnd().Split('\n'));
        }

        drive.Settle();
        Assert.Equal("kept", File.ReadAllText(drive.Open + "/note"));
    }

    [SkippableFact]
    public void A_copy_adopted_on_Windows_is_whole_for_Linux_and_its_original_too()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        File.WriteAllText(drive.Open + "/note", "shared");
        drive.Unmount();
        string copy = drive.Folder + "/copy", place = Directory.CreateDirectory(drive.Folder + "/second").FullName;
        Assert.Equal(0, Programs.Run("cp", ["-a", drive.Vault, copy], []).ExitCode);
        windows.Done("adopt", WindowsProgram.Path(copy));
        drive.Mount();
        Programs.Done("mount", copy, place);
        Assert.Equal("shared", File.ReadAllText(place + "/Open/note"));
        Programs.Done("unmount", place);
        Programs.Done("verify", copy);
        Programs.Done("audit", "verify", copy);
        windows.Done("audit", "verify", WindowsProgram.Path(copy));
        string stored = windows.Done("where", WindowsProgram.Path(copy), "/Open/note").Trim();
        Assert.Equal(WindowsProgram.Path(Programs.Done("where", copy, "/Open/note").Trim()), stored);
    }
}

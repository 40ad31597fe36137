using System;
using System.IO;
using System.Linq;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The guided tour, and that nothing of it, or of a drive's life, is left on the machine.</summary>
public sealed class DemoTests
{
    [SkippableFact]
    public void The_tour_shows_each_promise_and_leaves_nothing()
    {
        Require.Mounts();
        string[] before = Running();
        string folder = Directory.CreateTempSubdirectory("securevault-tour-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ED); // the tour's people must reach what is in it
        Ended ended = Programs.Run("dotnet", [Programs.CommandLine, "demo"], new() { ["TMPDIR"] = folder });
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        foreach (string word in new[] { "plaintext", "read-only", "denied", "finance", "engineering", "audit", "cat: drive/Finance", "reads on by the same open file: Input/output error" })
        {
            Assert.Contains(word, ended.Output, StringComparison.OrdinalIgnoreCase);
        }

        NothingStays(folder, before);
        Directory.Delete(folder, recursive: true);
    }

    [SkippableFact]
    public void A_drive_of_its_whole_life_leaves_no_mount_process_or_folder()
    {
        Require.Mounts();
        string[] before = Running();
        string folder;
        using (var drive = new Drive())
        {
            folder = drive.Folder;
            File.WriteAllText(drive.Open + "/x", "x");
            Programs.Done("status");
            drive.Unmount();
            drive.Mount();
            Assert.NotEmpty(Leftovers(folder, before));
        }

        NothingStays(folder, before);
        Assert.False(Directory.Exists(folder));
    }

    private static void NothingStays(string folder, string[] before)
    {
        string[] staying = [];
        Patience.Until(() => (staying = Leftovers(folder, before)).Length == 0, () => "the end of " + string.Join(", ", staying));
    }

    /// <summary>Mounts in the folder, processes that were told of it, files of ours in it, and run-time files that were not there before.</summary>
    private static string[] Leftovers(string folder, string[] before)
    {
        var mounts = File.ReadAllLines("/proc/mounts").Select(l => l.Split(' ')[1]).Where(m => m.StartsWith(folder + "/", StringComparison.Ordinal));
        var processes = Directory.GetDirectories("/proc").Where(p => IsToldOf(p, folder));
        return [.. mounts, .. processes, .. Entries(folder, "securevault*"), .. Running().Except(before)];
    }

    /// <summary>Run-time files of drives: this test program's own, and the machine's, where other programs' go away by themselves.</summary>
    private static string[] Running() => [.. Entries("/run/securevault", "*"), .. Entries(Programs.Machine + "/run", "*")];

    private static string[] Entries(string folder, string pattern) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, pattern) : [];

    private static bool IsToldOf(string process, string folder)
    {
        try
        {
            return (File.ReadAllText(process + "/cmdline") + File.ReadAllText(process + "/environ")).Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The guided tour, and that nothing of it, or of a drive's life, is left on the machine.</summary>
public sealed class DemoTests
{
    [SkippableFact]
    public void The_tour_shows_each_promise_and_leaves_nothing()
    {
        Require.Mounts();
        Programs.Done("version"); // makes the folder that all of this program's runs share, when no other test has
        string[] before = Leftovers();
        Ended ended = Programs.SecurevaultAs(null, "demo");
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        foreach (string word in new[] { "plaintext", "read-only", "denied", "finance", "engineering", "audit" })
        {
            Assert.Contains(word, ended.Output, StringComparison.OrdinalIgnoreCase);
        }

        NothingStays(Leftovers().Except(before));
    }

    [SkippableFact]
    public void A_drive_of_its_whole_life_leaves_no_mount_process_or_folder()
    {
        Require.Mounts();
        string[] before = Leftovers();
        using (var drive = new Drive())
        {
            File.WriteAllText(drive.Open + "/x", "x");
            Programs.Done("status");
            drive.Unmount();
            drive.Mount();
        }

        NothingStays(Leftovers().Except(before));
    }

    // Other test programs may be at work beside this one: theirs go away by themselves, what was left behind does not.
    private static void NothingStays(IEnumerable<string> suspects)
    {
        string[] staying = [.. suspects];
        for (int i = 0; i < 90 && staying.Length > 0; i++)
        {
            Thread.Sleep(1000);
            staying = [.. staying.Intersect(Leftovers())];
        }

        Assert.Empty(staying);
    }

    /// <summary>Mounts and processes of drives, temporary and run-time files of ours; other tests run one class at a time.</summary>
    private static string[] Leftovers()
    {
        var mounts = File.ReadAllLines("/proc/mounts").Where(l => l.Contains("securevault", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]);
        var processes = Directory.GetDirectories("/proc").Where(IsDrive);
        string[] folders = [Path.GetTempPath(), "/run/securevault"];
        var files = folders.Where(Directory.Exists).SelectMany(Directory.GetFileSystemEntries).Where(p => p.Contains("securevault", StringComparison.OrdinalIgnoreCase));
        return [.. mounts, .. processes, .. files];
    }

    private static bool IsDrive(string process)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline").Contains("securevault.dll", StringComparison.Ordinal);
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

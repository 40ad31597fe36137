using System;
using System.IO;
using System.Linq;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The drive's process: what a parent hands down does not end it, and nobody looks into it.</summary>
public sealed class ProcessTests
{
    private const string Mount = "exec dotnet \"$0\" mount \"$1\" \"$2\"";

    [SkippableFact]
    public void A_limit_of_file_sizes_is_the_writers_to_hear_of_and_does_not_end_the_drive()
    {
        Require.Mounts();
        Require.Tool("setpriv");
        using var drive = new Drive(mounted: false, people: false);
        Ended mounted = MountUnder(drive, "ulimit -f 65536", out _);
        Assert.Equal(0, mounted.ExitCode);
        File.SetUnixFileMode(drive.MountPoint, (UnixFileMode)0x1FF);
        bool limited = File.ReadLines($"/proc/{drive.Pid()}/limits").Single(l => l.StartsWith("Max file size", StringComparison.Ordinal)).Contains("33554432", StringComparison.Ordinal)
            || mounted.Error.Contains("ulimit -f", StringComparison.Ordinal);
        Ended large = Programs.Shell($"setpriv --reuid {Drive.Carol} --regid {Drive.Carol} --clear-groups truncate -s 20G '{drive.MountPoint}/t'");
        Assert.Equal(limited, large.ExitCode != 0);
        Assert.Equal(limited, large.Error.Contains("too large", StringComparison.Ordinal));
        Assert.Equal(limited, mounted.Error.Contains("File too large", StringComparison.Ordinal));
        Assert.Equal(limited, Programs.Done("status", "--json").Contains("ulimit -f", StringComparison.Ordinal));
        File.WriteAllText(drive.MountPoint + "/small", "served");
        Assert.Equal("served", File.ReadAllText(drive.MountPoint + "/small"));
    }

    [SkippableFact]
    public void With_too_few_descriptors_nothing_is_mounted_and_the_limit_is_named()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        Ended mounted = MountUnder(drive, "ulimit -n 200", out _);
        bool lifted = mounted.ExitCode == 0; // who may raise a hard limit has none
        Assert.Equal(lifted, drive.IsMounted);
        Assert.True(lifted || (mounted.Error.Contains("200 files", StringComparison.Ordinal) && mounted.Error.Contains("ulimit -n", StringComparison.Ordinal)), mounted.Error);
    }

    [SkippableFact]
    public void Signals_that_mean_nothing_to_a_drive_do_not_end_it()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        int pid = drive.Pid();
        foreach (int signal in new[] { 1, 10, 12, 13, 14, 16, 24, 25, 26, 27, 28, 29, 30 }) // HUP USR1 USR2 PIPE ALRM STKFLT XCPU XFSZ VTALRM PROF WINCH IO PWR
        {
            Assert.Equal(0, Programs.Shell($"kill -{signal} {pid}").ExitCode);
            File.WriteAllText(drive.Open + "/after", $"{signal}");
            Assert.Equal($"{signal}", File.ReadAllText(drive.Open + "/after"));
        }

        Assert.Equal(pid, drive.Pid());
    }

    [SkippableFact]
    public void Neither_a_drive_nor_a_command_that_holds_keys_leaves_a_way_in_for_diagnostics()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        string folder = drive.Folder + "/tmp";
        Directory.CreateDirectory(folder);
        Assert.Equal(0, MountUnder(drive, $"export TMPDIR='{folder}'", out string sockets).ExitCode);
        int pid = drive.Pid();
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Assert.Equal("", sockets);
        Assert.Contains(File.ReadLines($"/proc/{pid}/limits"), l => l.StartsWith("Max core file size", StringComparison.Ordinal) && l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4] == "0");

        // A command that waits for its passphrase holds still to be looked at.
        Assert.Equal(0, Programs.Shell($"mkfifo '{drive.Folder}/passphrase'").ExitCode);
        Ended looked = Programs.Run("/bin/sh",
            ["-c", $"export TMPDIR='{folder}'; exec 3<>'{drive.Folder}/passphrase'; dotnet \"$0\" audit show \"$1\" --passphrase-file '{drive.Folder}/passphrase' >/dev/null 2>&1 3>&- & p=$!; until [ \"$(cat /proc/$p/comm)\" != sh ] && readlink /proc/$p/fd/* | grep -q '/passphrase$'; do kill -0 $p || exit 9; sleep 0.1; done; ls '{folder}'; grep 'Max core' /proc/$p/limits; printf '%s' '{Programs.Passphrase}' >&3; exec 3>&-; wait $p", Programs.CommandLine, drive.Vault], []);
        Assert.Equal(0, looked.ExitCode);
        Assert.StartsWith("Max core file size 0 0", string.Join(' ', looked.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static Ended MountUnder(Drive drive, string limit, out string sockets)
    {
        Ended ended = Programs.Run("/bin/sh", ["-c", $"{limit}; {Mount}", Programs.CommandLine, drive.Vault, drive.MountPoint], new() { ["SECUREVAULT_PASSPHRASE"] = Programs.Passphrase });
        sockets = Programs.Shell($"ls '{drive.Folder}/tmp' 2>/dev/null").Output;
        return ended;
    }
}

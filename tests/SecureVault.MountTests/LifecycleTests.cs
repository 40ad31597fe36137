using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>Mounting, ending, being killed: no mount, no process, nothing unsaved.</summary>
public sealed class LifecycleTests
{
    [SkippableFact]
    public void Status_names_the_drive_and_unmount_ends_its_process()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        int pid = drive.Pid();
        Assert.True(Directory.Exists($"/proc/{pid}"));
        drive.Unmount();
        AwaitEnd(pid);
        Assert.DoesNotContain(drive.MountPoint, Programs.Done("status", "--json"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_run_folder_too_long_for_a_socket_is_said_to_be_so()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        Ended ended = Programs.Run("dotnet", [Programs.CommandLine, "mount", drive.Vault, drive.MountPoint], new()
        {
            ["SECUREVAULT_PASSPHRASE"] = Programs.Passphrase,
            ["SECUREVAULT_RUNFOLDER"] = drive.Folder + "/" + new string('r', 100),
        });
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("is too long", ended.Error, StringComparison.Ordinal);
        Assert.False(drive.IsMounted);
    }

    [SkippableFact]
    public void Sigterm_saves_everything_and_leaves_nothing()
    {
        Require.Mounts();
        using var drive = new Drive();
        using (var alice = new Actor(Drive.Alice))
        {
            Assert.Equal("ok 5", alice.Write(drive.Payroll + "/kept", "saved"));
        }

        int pid = drive.Pid();
        Programs.Shell($"kill -TERM {pid}");
        AwaitEnd(pid);
        Assert.False(drive.IsMounted);
        Assert.Equal("", string.Join(",", Directory.GetFiles(drive.Vault + "/journal")));
        drive.Mount();
        using var again = new Actor(Drive.Alice);
        Assert.Equal("saved", again.Read(drive.Payroll + "/kept"));
    }

    [SkippableFact]
    public void Killed_in_the_middle_of_writing_every_other_file_is_whole_and_synced_content_is_there()
    {
        Require.Mounts();
        using var drive = new Drive();
        int pid = drive.Pid();
        using (var alice = new Actor(Drive.Alice))
        {
            Assert.Equal("ok 6", alice.Write(drive.Payroll + "/before", "before"));
            alice.Run($"dd if=/dev/urandom of='{drive.Payroll}/synced' bs=1M count=4 conv=fsync 2>/dev/null");
            string hash = alice.Do("hash", drive.Payroll + "/synced");
            using Process writer = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"setpriv --reuid {Drive.Alice} --clear-groups dd if=/dev/zero of='{drive.Payroll}/being-written' bs=64k count=4000 2>/dev/null; setpriv --reuid {Drive.Alice} --clear-groups dd if=/dev/zero of='{drive.Payroll}/synced2' bs=64k count=4000 2>/dev/null"]))!;
            Patience.Until(() => new FileInfo(drive.Payroll + "/being-written") is { Exists: true, Length: > 1 << 20 }, "the writer at work");
            Process.GetProcessById(pid).Kill();
            Assert.True(writer.WaitForExit(Patience.Long), "Who writes into a drive that is gone does not end.");
            Assert.NotEqual(0, writer.ExitCode);
            AwaitEnd(pid);
            Programs.Shell($"umount -l '{drive.MountPoint}'");
            drive.Mount();
            Assert.Equal("before", alice.Read(drive.Payroll + "/before"));
            Assert.Equal(hash, alice.Do("fresh", drive.Payroll + "/synced"));
            Assert.StartsWith("ok ", alice.Do("fresh", drive.Payroll + "/being-written"), StringComparison.Ordinal);
        }

        drive.Unmount();
        Programs.Done("verify", drive.Vault);
        Programs.Done("audit", "verify", drive.Vault);
    }

    [SkippableFact]
    public void A_busy_drive_is_not_unmounted_and_says_so()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        using var holder = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"cd '{drive.Open}' && exec sleep 3600"]))!;
        try
        {
            Patience.Until(() => new FileInfo($"/proc/{holder.Id}/cwd").LinkTarget == drive.Open, "the holder inside the drive");
            Ended ended = Programs.Securevault("unmount", drive.MountPoint);
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains("busy", ended.Error, StringComparison.Ordinal);
            Assert.Contains(holder.Id.ToString(CultureInfo.InvariantCulture), ended.Error, StringComparison.Ordinal);
            Assert.True(drive.IsMounted);
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }

        drive.Unmount();
    }

    [SkippableFact]
    public void Mounting_where_it_cannot_be_is_refused_with_a_reason()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        string second = drive.Folder + "/second";
        Refused("already", drive.Vault, Directory.CreateDirectory(second).FullName);
        drive.Unmount();
        File.WriteAllText(second + "/occupied", "x");
        Refused("empty", drive.Vault, second);
        Refused("create it", drive.Vault, drive.Folder + "/missing");
        Refused("inside", drive.Vault, Directory.CreateDirectory(drive.Vault + "/inside").FullName);
        Refused("vault", drive.Folder + "/second", drive.MountPoint);
        Directory.Delete(drive.Vault + "/inside");
        drive.Mount();

        static void Refused(string word, string vault, string mountPoint)
        {
            Ended ended = Programs.Securevault("mount", vault, mountPoint);
            Assert.True(ended.ExitCode == 1, $"exit {ended.ExitCode}: {ended.Error}");
            Assert.Contains(word, ended.Error, StringComparison.OrdinalIgnoreCase);
            Assert.Single(ended.Error.TrimEnd().Split('\n'));
        }
    }

    [SkippableFact]
    public void The_process_of_a_drive_cannot_be_dumped_or_traced()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        int pid = drive.Pid();
        string limits = File.ReadAllText($"/proc/{pid}/limits");
        Assert.Matches(@"Max core file size\s+0\s+0", limits);
        Assert.Contains("root", Programs.Shell($"stat -c %U /proc/{pid}/mem").Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Programs.Passphrase, File.ReadAllText($"/proc/{pid}/cmdline"), StringComparison.Ordinal);
        Assert.DoesNotContain(Programs.Passphrase, File.ReadAllText($"/proc/{pid}/environ"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_normal_user_mounts_through_fusermount3_and_sees_only_itself()
    {
        Require.Mounts();
        Require.Tool("fusermount3");
        Require.DeviceForAll();
        string folder = Directory.CreateTempSubdirectory("securevault-user-").FullName;
        try
        {
            Programs.Shell($"chown nobody '{folder}' && mkdir '{folder}/home' '{folder}/drive' && chown nobody '{folder}/home' '{folder}/drive' && chmod 755 '{folder}'");
            using var user = new Actor(65534);
            Programs.Shell($"cp -r '{Path.GetDirectoryName(Programs.CommandLine)}' '{folder}/program' && chmod -R a+rX '{folder}/program'");
            string run = $"cd / && export HOME='{folder}/home' XDG_RUNTIME_DIR='{folder}/home' SECUREVAULT_PASSPHRASE='{Programs.Passphrase}' DOTNET_CLI_HOME='{folder}/home'; dotnet '{folder}/program/securevault.dll'";
            user.Run($"{run} init '{folder}/vault' && {run} mount '{folder}/vault' '{folder}/drive' && echo hello > '{folder}/drive/note' && cat '{folder}/drive/note'");
            using var other = new Actor(65003);
            Assert.Equal("EACCES", other.Read(folder + "/drive/note"));
            user.Run($"{run} unmount '{folder}/drive' && test ! -e '{folder}/drive/note'");
        }
        finally
        {
            Programs.Shell($"umount -l '{folder}/drive' 2>/dev/null");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AwaitEnd(int pid) => Patience.Until(() => !Directory.Exists($"/proc/{pid}"), $"the end of process {pid}");
}

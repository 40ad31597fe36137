using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>What status, unmount and mount say of a drive is true: its run folder taken away, its process killed, another user's, its folder renamed, something over it.</summary>
public sealed class DriveStateTests
{
    private const uint Nobody = 65534; // fusermount3 wants a name

    [SkippableFact]
    public void A_run_folder_that_is_taken_away_is_made_anew_and_the_drive_is_found_all_the_time()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        Assert.Equal(0, WithRunFolder(drive, "mount", drive.Vault, drive.MountPoint).ExitCode);
        int pid = RowOf(WithRunFolder(drive, "status", "--json"), drive.MountPoint).GetProperty("pid").GetInt32();
        Directory.Delete(RunFolder(drive), recursive: true);
        string state = RowOf(WithRunFolder(drive, "status", "--json"), drive.MountPoint).GetProperty("state").GetString()!;
        Assert.True(state is "live" or "silent", state);
        Patience.Until(() => RowOf(WithRunFolder(drive, "status", "--json"), drive.MountPoint).GetProperty("state").GetString() == "live", "the run folder made anew");
        Directory.Delete(RunFolder(drive), recursive: true);
        Ended unmounted = WithRunFolder(drive, "unmount", drive.MountPoint);
        Assert.True(unmounted.ExitCode == 0, unmounted.Error);
        Assert.Contains("everything is saved", unmounted.Output, StringComparison.Ordinal);
        AwaitEnd(pid);
    }

    [SkippableFact]
    public void A_drive_whose_run_folder_cannot_be_made_anew_is_shown_and_plain_umount_is_said_to_end_it()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        Assert.Equal(0, WithRunFolder(drive, "mount", drive.Vault, drive.MountPoint).ExitCode);
        int pid = RowOf(WithRunFolder(drive, "status", "--json"), drive.MountPoint).GetProperty("pid").GetInt32();
        Directory.Delete(RunFolder(drive), recursive: true);
        File.WriteAllText(RunFolder(drive), "in its place");
        File.WriteAllText(drive.MountPoint + "/kept", "kept");
        Ended status = WithRunFolder(drive, "status");
        Assert.Contains($"{drive.MountPoint} (silent)", status.Output, StringComparison.Ordinal);
        Assert.Contains($"umount {drive.MountPoint}", status.Error, StringComparison.Ordinal);
        Ended refused = WithRunFolder(drive, "unmount", drive.MountPoint);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"umount {drive.MountPoint}", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, Programs.Shell($"umount '{drive.MountPoint}'").ExitCode);
        AwaitEnd(pid);
        drive.Mount();
        Assert.Equal("kept", File.ReadAllText(drive.MountPoint + "/kept"));
    }

    [SkippableFact]
    public void After_a_kill_status_and_unmount_say_that_the_drive_died_and_what_may_be_lost()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        File.WriteAllText(drive.Open + "/kept", "kept");
        int pid = drive.Pid();
        Assert.Equal(0, Programs.Shell($"sync; kill -9 {pid}").ExitCode);
        AwaitEnd(pid);
        JsonElement row = RowOf(Programs.Securevault("status", "--json"), drive.MountPoint);
        Assert.Equal(("dead", JsonValueKind.Null, ""), (row.GetProperty("state").GetString(), row.GetProperty("pid").ValueKind, row.GetProperty("vault").GetString()));
        Ended status = Programs.Securevault("status");
        Assert.Contains($"{drive.MountPoint} (dead)", status.Output, StringComparison.Ordinal);
        Assert.Contains("may be lost", status.Error, StringComparison.Ordinal);
        Ended buried = Programs.Securevault("unmount", drive.MountPoint);
        Assert.Equal((1, ""), (buried.ExitCode, buried.Output));
        Assert.Contains("may be lost", buried.Error, StringComparison.Ordinal);
        Assert.False(drive.IsMounted);
        Assert.DoesNotContain(drive.MountPoint, Programs.Done("status", "--json"), StringComparison.Ordinal);
        drive.Mount();
        Assert.Equal("kept", File.ReadAllText(drive.Open + "/kept"));
    }

    [SkippableFact]
    public void Another_user_is_told_that_a_drive_of_root_is_there_alive_or_dead_and_may_not_end_it()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        string program = drive.Folder + "/program";
        Assert.Equal(0, Programs.Shell($"cp -r '{Path.GetDirectoryName(Programs.CommandLine)}' '{program}' && chmod -R a+rX '{program}' && mkdir -m 777 '{drive.Folder}/home'").ExitCode);
        using var carol = new Actor(Drive.Carol);
        string run = $"export HOME='{drive.Folder}/home' DOTNET_CLI_HOME='{drive.Folder}/home'; unset XDG_RUNTIME_DIR; dotnet '{program}/securevault.dll'";
        string told = carol.Run($"{run} status 2>&1");
        Assert.Contains($"{drive.MountPoint} (foreign)", told, StringComparison.Ordinal);
        Assert.Contains("a drive of root (uid 0)", told, StringComparison.Ordinal);
        Assert.Contains("another user's drive", carol.Run($"{run} unmount '{drive.MountPoint}' 2>&1; test $? -eq 5"), StringComparison.Ordinal);
        int pid = drive.Pid();
        Assert.Equal(0, Programs.Shell($"kill -9 {pid}").ExitCode);
        AwaitEnd(pid);
        Assert.Contains($"{drive.MountPoint} (dead)", carol.Run($"{run} status 2>&1"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_drive_whose_folders_were_renamed_is_followed_and_its_old_path_says_where_it_is()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        string before = Directory.CreateDirectory(drive.Folder + "/above/m").FullName, after = drive.Folder + "/renamed/m";
        Programs.Done("mount", drive.Vault, before);
        Directory.Move(drive.Folder + "/above", drive.Folder + "/renamed");
        try
        {
            int pid = RowOf(Programs.Securevault("status", "--json"), after).GetProperty("pid").GetInt32();
            Ended old = Programs.Securevault("unmount", before);
            Assert.Equal(1, old.ExitCode);
            Assert.Contains($"its drive is at {after}", old.Error, StringComparison.Ordinal);
            Patience.Until(() => Programs.Securevault("mount", drive.Vault, drive.MountPoint).Error.Contains($"mounted already at {after}", StringComparison.Ordinal), "the note of the vault to follow");
            Assert.Contains("everything is saved", Programs.Done("unmount", after), StringComparison.Ordinal);
            AwaitEnd(pid);
            Assert.False(Drive.IsMountPoint(after));
        }
        finally
        {
            Programs.Shell($"umount '{after}' 2>/dev/null");
        }
    }

    [SkippableFact]
    public void What_root_has_bound_of_a_drive_is_unmounted_with_it_and_what_lies_over_it_is_named()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        string bound = Directory.CreateDirectory(drive.Folder + "/bound").FullName;
        int pid = drive.Pid();
        Assert.Equal(0, Programs.Shell($"mount --bind '{drive.Open}' '{bound}' && mount -t tmpfs over '{drive.MountPoint}'").ExitCode);
        Ended refused = Programs.Securevault("unmount", drive.MountPoint);
        bool uncovered = Programs.Shell($"umount '{drive.MountPoint}'").ExitCode == 0;
        Assert.True(uncovered);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("mounted over it", refused.Error, StringComparison.Ordinal);
        drive.Unmount();
        Assert.False(Drive.IsMountPoint(bound));
        AwaitEnd(pid);
    }

    [SkippableFact]
    public void A_users_drive_outlives_the_folder_of_the_session_and_answers_the_next_one()
    {
        Require.Mounts();
        Require.Tool("fusermount3");
        Require.DeviceForAll();
        using var drive = new Drive(mounted: false, people: false);
        string folder = drive.Folder, program = folder + "/program";
        Assert.Equal(0, Programs.Shell($"cd '{folder}' && cp -r '{Path.GetDirectoryName(Programs.CommandLine)}' program && chmod -R a+rX program && mkdir home session own && chown {Nobody} home session own").ExitCode);
        using var user = new Actor(Nobody);
        string run = $"export HOME='{folder}/home' DOTNET_CLI_HOME='{folder}/home' SECUREVAULT_PASSPHRASE='{Programs.Passphrase}'; dotnet '{program}/securevault.dll'";
        user.Run($"export XDG_RUNTIME_DIR='{folder}/session'; {run} init '{folder}/home/vault' && {run} mount '{folder}/home/vault' '{folder}/own' && echo kept > '{folder}/own/kept'");
        Directory.Delete(folder + "/session", recursive: true);
        Patience.Until(() => user.Run($"unset XDG_RUNTIME_DIR; {run} status --json").Contains("\"live\"", StringComparison.Ordinal), "the drive to answer in another session");
        Assert.Contains("everything is saved", user.Run($"unset XDG_RUNTIME_DIR; {run} unmount '{folder}/own'"), StringComparison.Ordinal);
        Assert.False(Drive.IsMountPoint(folder + "/own"));
    }

    [SkippableFact]
    public void Root_without_the_right_to_mount_is_told_so_and_the_folder_is_not_blamed()
    {
        Require.Mounts();
        Require.Tool("setpriv");
        using var drive = new Drive(mounted: false, people: false);
        Ended refused = Programs.Run("setpriv", ["--bounding-set", "-sys_admin", "dotnet", Programs.CommandLine, "mount", drive.Vault, drive.MountPoint], new() { ["SECUREVAULT_PASSPHRASE"] = Programs.Passphrase });
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("CAP_SYS_ADMIN", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(drive.MountPoint, refused.Error, StringComparison.Ordinal);
        Assert.False(drive.IsMounted);
    }

    [SkippableFact]
    public void A_path_that_is_not_UTF_8_is_said_to_be_so()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        try
        {
            foreach ((string command, int code) in new[] { ("mount \"$1\" \"$odd\"", 2), ("mount \"$odd/v\" drive", 2), ("init \"$odd/new\"", 2), ("mount \"$1\" link", 1) })
            {
                Ended refused = Programs.Run("/bin/sh", ["-c", $"cd \"$2\"; odd=$(printf 'odd\\377'); mkdir -p \"$odd\"; ln -sfn ../vault \"$odd/v\"; ln -sfn \"$odd\" link; exec dotnet \"$0\" {command}", Programs.CommandLine, drive.Vault, drive.Folder],
                    new() { ["SECUREVAULT_PASSPHRASE"] = Programs.Passphrase });
                Assert.Equal(code, refused.ExitCode);
                Assert.Contains("not UTF-8", refused.Error, StringComparison.Ordinal);
            }
        }
        finally
        {
            Programs.Shell($"cd '{drive.Folder}' && rm -r odd* link");
        }
    }

    /// <summary>The row of a mount point in status --json.</summary>
    internal static JsonElement RowOf(Ended status, string mountPoint)
    {
        Assert.True(status.ExitCode == 0, status.Error);
        using JsonDocument rows = JsonDocument.Parse(status.Output);
        return rows.RootElement.EnumerateArray().Single(row => row.GetProperty("mountPoint").GetString() == mountPoint).Clone();
    }

    internal static void AwaitEnd(int pid) => Patience.Until(() => !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}")), $"the end of process {pid}");

    private static string RunFolder(Drive drive) => drive.Folder + "/run";

    private static Ended WithRunFolder(Drive drive, params string[] arguments) =>
        Programs.Run("dotnet", [Programs.CommandLine, .. arguments], new() { ["SECUREVAULT_PASSPHRASE"] = Programs.Passphrase, ["SECUREVAULT_RUNFOLDER"] = RunFolder(drive) });
}

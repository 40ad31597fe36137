using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>One vault and its copies, backups and openers, with the real program.</summary>
public sealed class OpenersTests
{
    [SkippableFact]
    public void A_copy_beside_a_live_vault_is_refused_and_after_adopt_both_are_mounted()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        File.WriteAllText(drive.Open + "/note", "shared");
        string copy = Copied(drive), second = Directory.CreateDirectory(drive.Folder + "/second").FullName;
        Ended refused = Programs.Securevault("mount", copy, second);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"securevault adopt {copy}", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--read-only", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd().Split('\n'));
        using JsonDocument adopted = JsonDocument.Parse(Programs.Done("adopt", copy, "--json"));
        Assert.NotEqual(adopted.RootElement.GetProperty("id").GetString(), adopted.RootElement.GetProperty("copyOf").GetString());
        Programs.Done("mount", copy, second);
        try
        {
            Assert.Equal("shared", File.ReadAllText(second + "/Open/note"));
            File.WriteAllText(second + "/Open/note", "its own");
            Assert.Equal("shared", File.ReadAllText(drive.Open + "/note"));
        }
        finally
        {
            Programs.Done("unmount", second);
        }

        drive.Settle();
        Assert.Contains("adopt", Programs.Done("audit", "show", copy, "--json"), StringComparison.Ordinal);
        Programs.Done("audit", "verify", copy);
        Programs.Done("verify", copy);
    }

    [SkippableFact]
    public void A_read_only_backup_is_mounted_beside_the_live_vault_with_permissions_and_records()
    {
        Require.Mounts();
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        using var carol = new Actor(Drive.Carol);
        Assert.StartsWith("ok ", alice.Write(drive.Payroll + "/q3", "salaries"), StringComparison.Ordinal);
        drive.AwaitCommit();
        string copy = Copied(drive), place = Directory.CreateDirectory(drive.Folder + "/yesterday").FullName, before = Fingerprint(copy);
        Assert.Equal(0, Programs.Shell($"mount --bind '{copy}' '{copy}' && mount -o remount,ro,bind '{copy}'").ExitCode);
        try
        {
            Programs.Done("mount", "--read-only", copy, place);
            Assert.Equal("salaries", alice.Read(place + "/Payroll/q3"));
            Assert.Equal("EACCES", carol.Read(place + "/Payroll/q3"));
            Assert.Equal("EROFS", alice.Write(place + "/Payroll/q3", "forged"));
            Assert.Equal("EROFS", alice.Write(place + "/Open/new", "new"));
            Assert.Contains("\"readOnly\": true", Programs.Done("status", "--json"), StringComparison.Ordinal);
            Programs.Done("unmount", place);
            string own = Programs.Done("audit", "show", copy, "--read-only-mounts", "--json");
            using JsonDocument records = JsonDocument.Parse(own);
            bool[] opens = [.. records.RootElement.EnumerateArray().Where(r => r.GetProperty("path").GetString() == "/Payroll/q3").Select(r => r.GetProperty("allowed").GetBoolean())];
            Assert.Equal([true, false], opens);
            Programs.Done("audit", "verify", copy, "--read-only-mounts");
        }
        finally
        {
            Programs.Shell($"umount -l '{place}' 2>/dev/null; umount '{copy}'");
        }

        Assert.Equal(before, Fingerprint(copy));
        drive.Settle();
        Assert.Equal("salaries", alice.Read(drive.Payroll + "/q3"));
    }

    [SkippableFact]
    public void A_restored_backup_is_let_in_by_a_command_that_is_on_record()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        drive.Unmount();
        string copy = Copied(drive);
        drive.Mount();
        File.WriteAllText(drive.Open + "/later", "lost with the disk");
        drive.Unmount();
        Directory.Delete(drive.Vault, recursive: true);
        Directory.Move(copy, drive.Vault);
        Ended refused = Programs.Securevault("mount", drive.Vault, drive.MountPoint);
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains($"securevault restored {drive.Vault}", refused.Error, StringComparison.Ordinal);
        Assert.Contains("on record", Programs.Done("restored", drive.Vault), StringComparison.Ordinal);
        drive.Mount();
        Assert.Empty(Directory.GetFiles(drive.Open));
        using JsonDocument records = JsonDocument.Parse(Programs.Done("audit", "show", drive.Vault, "--json"));
        JsonElement record = records.RootElement.EnumerateArray().Single(r => r.GetProperty("event").GetString() == "restore");
        Assert.Contains("this machine remembered policy version", record.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("mounted already", Programs.Securevault("restored", drive.Vault).Error, StringComparison.Ordinal);
        drive.Unmount();
        Assert.Contains("nothing was changed", Programs.Done("restored", drive.Vault), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void One_file_is_taken_back_by_its_stored_path_while_the_drive_is_mounted()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        File.WriteAllText(drive.Open + "/report", "as it was");
        drive.Settle();
        string copy = Copied(drive);
        string stored = Programs.Done("where", copy, "/Open/report").Trim();
        Assert.StartsWith(copy + "/root/", stored, StringComparison.Ordinal);
        Assert.Equal(drive.Vault + stored[copy.Length..], Programs.Done("where", drive.Vault, "/Open/report").Trim());
        File.Delete(drive.Open + "/report");
        drive.Unmount();
        File.Copy(stored, drive.Vault + stored[copy.Length..]);
        drive.Mount();
        Assert.Equal("as it was", File.ReadAllText(drive.Open + "/report"));
        drive.Unmount();
        Programs.Done("verify", drive.Vault);
    }

    private static string Copied(Drive drive)
    {
        string copy = drive.Folder + "/copy";
        Ended copied = Programs.Run("cp", ["-a", drive.Vault, copy], []);
        Assert.True(copied.ExitCode == 0, copied.Error);
        return copy;
    }

    private static string Fingerprint(string folder) => string.Join('\n', Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => $"{f} {File.GetLastWriteTimeUtc(f):o} {(File.Exists(f) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))) : "")}"));
}

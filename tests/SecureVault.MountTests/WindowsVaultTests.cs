using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>One vault, used by the Windows program (under Wine) and by the Linux one in turn.</summary>
[Collection(OneWindows.Name)]
public sealed class WindowsVaultTests(WindowsProgram windows) : IDisposable
{
    private const string AliceSid = "S-1-5-21-1004336348-1177238915-682003330-1001";
    private readonly string _folder = Directory.CreateTempSubdirectory("securevault-crossing-").FullName;

    private string Vault => _folder + "/vault";

    private string WindowsVault => WindowsProgram.Path(Vault);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void A_vault_made_on_Windows_is_led_from_both_sides_and_stays_whole()
    {
        windows.Done("init", WindowsVault, "--suite", "sm4-gcm");
        windows.Done("department", "add", WindowsVault, "finance");
        windows.Done("user", "add", WindowsVault, "alice", "--sid", AliceSid, "--uid", "65001");
        windows.Done("user", "grant", WindowsVault, "alice", "finance:secret", "--mode", "read-only");
        windows.Done("label", "set", WindowsVault, "/", "finance:secret");

        Assert.Contains("\"mode\": \"read-only\"", Programs.Done("explain", Vault, "--user", "alice", "/", "--json"), StringComparison.Ordinal);
        Assert.Contains("\"mode\": \"read-only\"", windows.Done("explain", WindowsVault, "--user", "alice", "/", "--json"), StringComparison.Ordinal);
        Programs.Done("user", "add", Vault, "bob", "--uid", "65002");
        Programs.Done("user", "grant", Vault, "bob", "finance:top-secret");
        Assert.Equal(Programs.Done("user", "list", Vault, "--json"), windows.Done("user", "list", WindowsVault, "--json"));
        Assert.Contains(AliceSid, windows.Done("user", "list", WindowsVault), StringComparison.Ordinal);
        Assert.Contains("plaintext", windows.Done("explain", WindowsVault, "--user", "bob", "/"), StringComparison.Ordinal);
        Assert.Contains("finance:secret", windows.Done("label", "show", WindowsVault, "/"), StringComparison.Ordinal);
        BothFindItWhole();
    }

    [SkippableFact]
    public void The_audit_chain_goes_on_across_both_systems()
    {
        Programs.Done("init", Vault);
        windows.Done("department", "add", WindowsVault, "finance");
        Programs.Done("department", "add", Vault, "legal");
        windows.Done("department", "add", WindowsVault, "\u8d22\u52a1"); // written in UTF-8, whatever the console's encoding
        string shown = windows.Done("audit", "show", WindowsVault, "--json");
        Assert.Equal(Programs.Done("audit", "show", Vault, "--json"), shown);
        using JsonDocument records = JsonDocument.Parse(shown);
        JsonElement[] edits = [.. records.RootElement.EnumerateArray().Where(r => r.GetProperty("detail").GetString()!.StartsWith("department add", StringComparison.Ordinal))];
        Assert.Equal(["finance", "legal", "\u8d22\u52a1"], edits.Select(r => r.GetProperty("detail").GetString()!.Split(' ')[2]));
        Assert.Equal(
            [(true, JsonValueKind.Null), (false, JsonValueKind.Number), (true, JsonValueKind.Null)],
            edits.Select(r => (r.GetProperty("executable").GetString()!.EndsWith(@"\securevault.exe", StringComparison.Ordinal), r.GetProperty("uid").ValueKind)));
        BothFindItWhole();
    }

    [SkippableFact]
    public void Each_side_takes_what_the_other_has_done_since_and_refuses_what_is_older_than_it_has_seen()
    {
        windows.Done("init", WindowsVault);
        windows.Done("department", "add", WindowsVault, "finance");
        CopyOf("first");
        Programs.Done("department", "add", Vault, "legal");
        CopyOf("second");
        Assert.Contains("legal", windows.Done("department", "list", WindowsVault), StringComparison.Ordinal); // newer than Windows has seen
        PutBack("first");
        Failed(4, "older", windows.Securevault("department", "list", WindowsVault));
        PutBack("second");
        windows.Done("department", "add", WindowsVault, "sales");
        Assert.Contains("sales", Programs.Done("department", "list", Vault), StringComparison.Ordinal);
        File.Copy(_folder + "/second/policy", Vault + "/policy", overwrite: true);
        Failed(4, "policy", windows.Securevault("department", "list", WindowsVault));
    }

    [SkippableFact]
    public void Its_memory_of_vaults_is_in_ProgramData_and_what_is_damaged_there_is_named()
    {
        windows.Done("init", WindowsVault);
        windows.Done("department", "add", WindowsVault, "finance");
        string[] before = Directory.GetFiles(windows.StateFolder, "*.json");
        string anchor = before.MaxBy(File.GetLastWriteTimeUtc)!;
        Assert.Contains("\"policyVersion\": 2", File.ReadAllText(anchor), StringComparison.Ordinal);
        File.WriteAllText(anchor, "garbage");
        Failed(1, Path.GetFileName(anchor), windows.Securevault("department", "list", WindowsVault));
        File.Delete(anchor);
        windows.Done("department", "list", WindowsVault);
    }

    [SkippableFact]
    public void Wrong_passphrases_damage_and_later_formats_have_the_promised_exit_codes()
    {
        windows.Done("init", WindowsVault);
        Failed(3, "passphrase", windows.SecurevaultAs("not it", "level", "list", WindowsVault));
        Failed(2, "passphrase", windows.SecurevaultAs(null, "level", "list", WindowsVault));
        Failed(1, "not empty", windows.Securevault("init", WindowsVault));
        string config = File.ReadAllText(Vault + "/securevault.json");
        File.WriteAllText(Vault + "/securevault.json", config[..(config.Length / 2)]);
        Failed(4, "securevault.json", windows.Securevault("level", "list", WindowsVault));
        File.WriteAllText(Vault + "/securevault.json", config.Replace("\"format\": 1", "\"format\": 7", StringComparison.Ordinal).Replace("\"format\":1", "\"format\":7", StringComparison.Ordinal));
        Failed(1, "7", windows.Securevault("level", "list", WindowsVault));
        File.WriteAllText(Vault + "/securevault.json", config);
        File.WriteAllBytes(Vault + "/audit/log", []);
        Failed(4, "audit", windows.Securevault("audit", "verify", WindowsVault));
    }

    [SkippableFact]
    public void A_vault_that_is_not_there_or_on_a_share_that_is_not_connected_is_said_in_one_line()
    {
        Failed(1, "no such folder", windows.Securevault("level", "list", WindowsVault));
        Failed(1, "cannot be reached", windows.Securevault("level", "list", @"\\nowhere\share\vault"));
        Failed(1, @"\\nowhere\share", windows.Securevault("init", @"\\nowhere\share\vault"));
    }

    [SkippableFact]
    public void A_vault_may_lie_deeper_than_260_characters()
    {
        string deep = string.Concat(Enumerable.Repeat("/" + new string('d', 60), 6));
        Directory.CreateDirectory(Path.GetDirectoryName(_folder + deep)!);
        windows.Done("init", WindowsProgram.Path(_folder + deep));
        windows.Done("department", "add", WindowsProgram.Path(_folder + deep), "finance");
        Assert.Contains("finance", Programs.Done("department", "list", _folder + deep), StringComparison.Ordinal);
        windows.Done("verify", WindowsProgram.Path(_folder + deep));
    }

    [SkippableFact]
    public void Users_of_the_machine_are_found_by_name_and_others_are_said_to_be_nobody()
    {
        windows.Done("init", WindowsVault);
        Assert.Contains("with SID S-1-5-21-", windows.Done("user", "add", WindowsVault, Environment.UserName), StringComparison.Ordinal);
        Ended nobody = windows.Securevault("user", "add", WindowsVault, "nobody-of-this-name");
        Assert.Equal(0, nobody.ExitCode);
        Assert.Contains("--sid", nobody.Error, StringComparison.Ordinal);
    }

    private void BothFindItWhole()
    {
        windows.Done("audit", "verify", WindowsVault);
        Programs.Done("audit", "verify", Vault);
        windows.Done("verify", WindowsVault);
        Programs.Done("verify", Vault);
    }

    private void CopyOf(string name) => Assert.Equal(0, Programs.Shell($"cp -a '{Vault}' '{_folder}/{name}'").ExitCode);

    private void PutBack(string name) => Assert.Equal(0, Programs.Shell($"rm -r '{Vault}' && cp -a '{_folder}/{name}' '{Vault}'").ExitCode);

    private static void Failed(int exitCode, string word, Ended ended)
    {
        Assert.True(ended.ExitCode == exitCode, string.Create(CultureInfo.InvariantCulture, $"exit {ended.ExitCode}, not {exitCode}: {ended.Output}{ended.Error}"));
        Assert.Contains(word, ended.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
    }
}

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using SecureVault.Crypto;
using SecureVault.MountTests.Support;
using SecureVault.Policy.Audit;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.MountTests;

/// <summary>audit show of a log of years: by the real program, with the memory that it takes.</summary>
public sealed class LongLogTests(ITestOutputHelper output) : IDisposable
{
    private const int Many = 100_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("securevault-log-").FullName;

    private string Vault => _folder + "/vault";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void A_hundred_thousand_records_take_little_more_memory_than_a_few()
    {
        Require.Tool("python3");
        Programs.Done("init", Vault);
        Programs.Measured(Programs.Passphrase, out long least, "audit", "show", Vault);
        Fill();
        Ended table = Programs.Measured(Programs.Passphrase, out long most, "audit", "show", Vault);
        Assert.Equal(0, table.ExitCode);
        string[] lines = table.Output.Split('\n');
        Assert.True(lines.Length > Many);
        Assert.EndsWith("detail" + new string(' ', lines[0].Length - lines[0].IndexOf("detail", StringComparison.Ordinal) - "detailpath".Length) + "path", lines[0], StringComparison.Ordinal);
        Assert.True(table.Output.Length < 200L * Many, string.Create(CultureInfo.InvariantCulture, $"{table.Output.Length} characters for {Many} rows: padded to the widest"));
        Ended json = Programs.Measured(Programs.Passphrase, out long mostJson, "audit", "show", Vault, "--json");
        using JsonDocument document = JsonDocument.Parse(json.Output[..(json.Output.LastIndexOf(']') + 1)]);
        Assert.True(document.RootElement.GetArrayLength() > Many);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory: {least >> 20} MiB for a few records, {most >> 20} as a table, {mostJson >> 20} as JSON; output {table.Output.Length >> 20} and {json.Output.Length >> 20} MiB"));
        const long room = 384L << 20; // what a collector leaves lying about before it runs, 84 MiB where this was written and more on larger machines; all rows at once were 1.9 GB
        Assert.True(Math.Max(most, mostJson) - least < room, string.Create(CultureInfo.InvariantCulture, $"{least} bytes for a few records, {most} for {Many} as a table, {mostJson} as JSON"));
        Assert.Equal($"/{Many - 1}", JsonDocument.Parse(Programs.Done("audit", "show", Vault, "--last", "1", "--json")).RootElement[0].GetProperty("path").GetString());
    }

    [SkippableFact]
    public void A_folder_with_a_name_from_before_utf8_is_labelled_and_its_label_shown()
    {
        Require.Mounts();
        using var drive = new Drive();
        string name = "$(printf '\\271\\244\\327\\312')"; // GBK
        Assert.Equal(0, Programs.Shell($"mkdir \"{drive.Open}/{name}\"").ExitCode);
        string run = $"SECUREVAULT_PASSPHRASE='{Programs.Passphrase}' dotnet '{Programs.CommandLine}'";
        foreach (string command in new[] { $"label set '{drive.Vault}' \"/Open/{name}\" finance:secret", $"label show '{drive.Vault}' \"/Open/{name}\" --json", $"explain '{drive.Vault}' --user alice \"/Open/{name}\"", $"where '{drive.Vault}' \"/Open/{name}\"", $"audit show '{drive.Vault}' --path \"/Open/{name}\"" })
        {
            Ended ended = Programs.Shell($"{run} {command}");
            Assert.True(ended.ExitCode == 0, $"{command}: {ended.Output}{ended.Error}");
            Assert.True(command.StartsWith("where", StringComparison.Ordinal) || ended.Output.Contains("finance:secret", StringComparison.Ordinal), ended.Output);
        }
    }

    private void Fill()
    {
        Assert.Equal(VaultResult.Ok, SecureVault.Vaults.Vault.Open(Vault, Encoding.UTF8.GetBytes(Programs.Passphrase), ScryptCost.Default, new NoAnchor(), TimeProvider.System, out Vault? vault));
        using (vault)
        {
            var record = new AuditRecord(DateTimeOffset.UnixEpoch, AuditEvent.Open, true, "plaintext", "alice", 1001, 42, "/usr/bin/cat", "finance:secret", "", 1, "");
            Assert.All(Enumerable.Range(0, Many), i => Assert.True(vault!.Audit.TryRecord(record with { Path = i == Many / 2 ? "/" + new string('n', 3000) : string.Create(CultureInfo.InvariantCulture, $"/{i}") })));
        }
    }

    private sealed class NoAnchor : ITrustAnchor
    {
        public TrustedState Read(string vaultId) => new(0, 0, "");

        public void Write(string vaultId, TrustedState state)
        {
        }

        public bool Replace(string vaultId, TrustedState state) => true;

        public string Describe(string vaultId) => "";

        public IDisposable? TryHold(string vaultId) => null;

        public string? FolderFor(string vaultId) => null;
    }
}

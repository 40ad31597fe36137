using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Cli;
using SecureVault.Crypto;
using SecureVault.Policy.Documents;
using SecureVault.Service.Administration;
using SecureVault.Service.State;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Cli;

/// <summary>What explain advises is run as it stands: split by a shell, given to the command line. Names and folder need quoting.</summary>
[Collection(TheEnvironment.Name)]
public sealed class AdviceTests : IDisposable
{
    private const string StateVariable = "SECUREVAULT_STATEFOLDER";
    private const string Alice = "O'Brien & Sons";
    private const string Label = "R&D:secret:Customer 7";
    private readonly string _folder = Directory.CreateTempSubdirectory("securevault advice ").FullName;
    private readonly string? _state = Environment.GetEnvironmentVariable(StateVariable);
    private readonly byte[] _passphrase = Encoding.UTF8.GetBytes("open sesame");
    private readonly VaultAdministration _vault;

    public AdviceTests()
    {
        Environment.SetEnvironmentVariable(StateVariable, Path.Combine(_folder, "state"));
        File.WriteAllBytes(PassphraseFile, _passphrase);
        File.SetUnixFileMode(PassphraseFile, (UnixFileMode)0x180);
        Ok(VaultAdministration.Initialize(Folder, "aes-256-gcm", _passphrase));
        Ok(VaultAdministration.Open(Folder, _passphrase, out VaultAdministration? vault));
        _vault = vault!;
        Ok(_vault.AddDepartment("R&D"));
        Ok(_vault.AddUser(Alice, 1001, null, null, "mandatory"));
        Ok(_vault.SetLabel("/", Label, null, null));
    }

    private string Folder => Path.Combine(_folder, "vault");

    private string PassphraseFile => Path.Combine(_folder, "passphrase");

    public void Dispose()
    {
        _vault.Dispose();
        Environment.SetEnvironmentVariable(StateVariable, _state);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Each_piece_of_advice_on_grants_and_users_leads_to_access()
    {
        Leads("has no grant for department", () => { });
        Leads("reaches level", () => Grants("R&D:public:*", "plaintext"));
        Leads("is for compartment", () => Grants("R&D:secret:other", "plaintext"));
        Leads("(read-only)", () => Grants("R&D:secret:*", "read-only"));
        Leads("encryption mode read-only", () => Ok(_vault.SetUser(Alice, new UserChange { Encryption = "read-only" })), revokes: false);
        Leads("expired with the end of 2020-01-01", () => Ok(_vault.SetUser(Alice, new UserChange { Expires = new(true, new DateTimeOffset(2020, 1, 2, 0, 0, 0, TimeSpan.Zero)) })), revokes: false);
        Leads("expired with the end of 2020-01-01", () => Ok(_vault.GrantUser(Alice, "R&D:secret:*", "plaintext", new DateTimeOffset(2020, 1, 2, 0, 0, 0, TimeSpan.Zero))));
        Leads("of Board Members expired", () =>
        {
            Ok(_vault.AddGroup("Board Members", null, null));
            Ok(_vault.AddMember("Board Members", Alice));
            Ok(_vault.GrantGroup("Board Members", "R&D:secret:*", "plaintext", new DateTimeOffset(2020, 1, 2, 10, 0, 0, TimeSpan.Zero)));
        });
    }

    [Fact]
    public void Advice_on_a_label_that_is_gone_leads_to_access()
    {
        Grants(Label, "plaintext");
        Edits(p => p.RevokeUser(Alice, Label));
        Edits(p => p.RemoveDepartment("R&D"));
        Leads("no longer has the department of the label", () => { }, revokes: false);
        Revoke();
        Edits(p => p.SetLevels(["public", "top-secret"]));
        Leads("no longer has the level of the label", () => { }, revokes: false);
        Assert.Equal("R&D:top-secret:customer 7", _vault.ShowLabel("/").Value.Label);
        Revoke();
        Edits(p => p.SetLevels(["public", "low"]));
        Edits(p => p.RemoveDepartment("R&D"));
        Leads("department and the level", () => { }, revokes: false);
    }

    [Fact]
    public void Advice_on_a_policy_that_is_not_current_and_on_a_user_without_identity_is_runnable()
    {
        byte[] old = File.ReadAllBytes(Path.Combine(Folder, "policy"));
        Ok(_vault.AddUser("nobody yet", null, null, null, "mandatory"));
        string message = _vault.Explain("/", "nobody yet", null).Result.Message;
        Run(message[message.IndexOf("securevault", StringComparison.Ordinal)..].Replace("NUMBER", "1007", StringComparison.Ordinal), expected: 0);
        Assert.Contains("1007", Run($"securevault user list '{Folder}'", expected: 0), StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(Folder, "policy"), old);
        Explanation explained = Explained();
        Assert.Contains("cannot be read", explained.Reason, StringComparison.Ordinal);
        Run(CommandOf(explained), expected: 4);
    }

    [Fact]
    public void An_account_that_ended_is_said_to_have_ended_with_its_last_day()
    {
        string added = Run($"securevault user add '{Folder}' temp --uid 1008 --expires 2020-01-01", expected: 0);
        Assert.Contains("ended with the end of 2020-01-01", added, StringComparison.Ordinal);
        Answer<Explanation> explained = _vault.Explain("/", "temp", null);
        Assert.Equal("the account of temp expired with the end of 2020-01-01", explained.Value.Reason);
        Assert.DoesNotContain("2020-01-02", Run($"securevault user list '{Folder}'", expected: 0), StringComparison.Ordinal);
    }

    /// <summary>Follows advice until there is none; the first must be for the reason given, and each must change what is said.</summary>
    private void Leads(string reason, Action prepare, bool revokes = true)
    {
        if (revokes)
        {
            Revoke();
        }

        prepare();
        Explanation explained = Explained();
        Assert.Contains(reason, explained.Reason, StringComparison.Ordinal);
        for (int steps = 0; explained.Advice.Length > 0; steps++)
        {
            Assert.True(steps < 4, $"advice without end: {explained.Advice}");
            Run(CommandOf(explained), expected: 0);
            Explanation next = Explained();
            Assert.NotEqual(explained.Reason, next.Reason);
            explained = next;
        }

        Assert.Equal("plaintext", explained.Mode);
    }

    private void Grants(string scope, string mode)
    {
        Revoke();
        Ok(_vault.GrantUser(Alice, scope, mode, null));
    }

    private void Revoke()
    {
        foreach (GrantRow grant in _vault.Users().Single(u => u.Name == Alice).Grants)
        {
            Ok(_vault.RevokeUser(Alice, grant.Scope));
        }
    }

    /// <summary>An edit that commands refuse while files carry the label.</summary>
    private void Edits(Func<PolicyDocument, PolicyEdit> edit)
    {
        Ok(Vault.Open(Folder, _passphrase, ScryptCost.Default, new TrustAnchor(Path.Combine(_folder, "state")), TimeProvider.System, out Vault? vault));
        using (vault)
        {
            Ok(vault!.EditPolicy(p => edit(p) is { Error: { } error } ? throw new InvalidOperationException(error) : edit(p), "test"));
        }
    }

    private Explanation Explained()
    {
        Answer<Explanation> answer = _vault.Explain("/", Alice, null);
        Ok(answer.Result);
        return answer.Value;
    }

    private static string CommandOf(Explanation explained) => explained.Advice[explained.Advice.IndexOf("securevault ", StringComparison.Ordinal)..];

    /// <summary>Runs a command line as a shell splits it; both streams.</summary>
    private string Run(string commandLine, int expected)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"securevault() {{ for word; do printf '%s\\n' \"$word\"; done; }}; {commandLine}");
        using Process shell = Process.Start(start)!;
        string[] words = shell.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');
        shell.WaitForExit();
        var terminal = new RecordedTerminal();
        int exitCode = CommandTree.Run([.. words, "--passphrase-file", PassphraseFile], terminal.Terminal, TimeProvider.System);
        Assert.True(exitCode == expected, $"{commandLine}: exit {exitCode}: {terminal.Output}{terminal.Error}");
        return terminal.Output + terminal.Error;
    }

    private static void Ok(VaultResult result) => Assert.Equal(VaultResult.Ok, result);
}

using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace SecureVault.Tests.Cli;

/// <summary>policy, user import and access on a real vault, in this process.</summary>
[Collection(TheEnvironment.Name)]
public sealed class PolicyCommandTests : IDisposable
{
    private const string StateVariable = "SECUREVAULT_STATEFOLDER";
    private readonly string _folder = Directory.CreateTempSubdirectory("securevault-policy-").FullName;
    private readonly string? _state = Environment.GetEnvironmentVariable(StateVariable);

    public PolicyCommandTests()
    {
        Environment.SetEnvironmentVariable(StateVariable, Path.Combine(_folder, "state"));
        File.WriteAllText(PassphraseFile, "open sesame\n");
        File.SetUnixFileMode(PassphraseFile, (UnixFileMode)0x180);
    }

    private string Vault => Path.Combine(_folder, "vault");

    private string PassphraseFile => Path.Combine(_folder, "passphrase");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(StateVariable, _state);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void People_are_imported_reviewed_and_undone_from_the_command_line()
    {
        Done("init", Vault);
        Done("department", "add", Vault, "finance");
        string people = Write("people.csv", "name,uid,departments,levels\nalice,1001,finance,secret\n=bob,1002,,\n");
        var refused = Run("user", "import", Vault, people);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith($"{people}:3:1: ", refused.Error, StringComparison.Ordinal);

        Write("people.csv", "name,uid,departments,levels\nalice,1001,finance,secret\nbob,1002,,\n");
        Assert.Contains("A dry run", Done("user", "import", Vault, people, "--dry-run"), StringComparison.Ordinal);
        refused = Run("user", "import", Vault, people);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--yes", refused.Error, StringComparison.Ordinal);
        Assert.Contains("policy version 3", Done("user", "import", Vault, people, "--yes"), StringComparison.Ordinal);

        Assert.Equal("user,mode,by,grant,until,only,rules\r\nalice,plaintext,,,,,\r\nbob,plaintext,,,,,\r\n", Done("access", Vault, "/", "--csv"));
        using JsonDocument access = JsonDocument.Parse(Done("access", Vault, "--user", "alice", "--json"));
        Assert.Equal(("finance", "secret"), access.RootElement.EnumerateArray().Select(r => (r.GetProperty("department").GetString(), r.GetProperty("level").GetString())).Single());
        Assert.Contains("finance:secret", Done("access", Vault, "--unused", "--since", "30d"), StringComparison.Ordinal);
        Assert.Equal(2, Run("access", Vault).ExitCode);

        Assert.Contains("user alice added", Done("policy", "diff", Vault), StringComparison.Ordinal);
        Done("policy", "undo", Vault);
        Assert.Equal("[]", Done("user", "list", Vault, "--json").Trim());
        Assert.Contains("policy undo to version 2", Done("policy", "history", Vault), StringComparison.Ordinal);
        string third = Write("third.yaml", Done("policy", "show", Vault, "--version", "3", "--format", "yaml"));
        Assert.Contains("has no fault", RecordedTerminal.Run("policy", "check", third).Output, StringComparison.Ordinal);
        Done("policy", "apply", Vault, third, "--yes");
        Assert.Equal(Done("policy", "export", Vault).Replace("\"version\": 5", "\"version\": 3", StringComparison.Ordinal), Done("policy", "show", Vault, "--version", "3"));
    }

    [Fact]
    public void Check_tells_line_and_column_and_ends_with_one()
    {
        string file = Write("policy.yaml", "levels:\n  - name: public\n    strct: true\n");
        var (exitCode, output, error) = RecordedTerminal.Run("policy", "check", file);
        Assert.Equal(1, exitCode);
        Assert.Contains($"{file}:3:5: ", output, StringComparison.Ordinal);
        Assert.Contains("faults", error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(RecordedTerminal.Run("policy", "check", file, "--json").Output);
        Assert.Equal(6, json.RootElement.GetProperty("faults").GetArrayLength());
        Assert.Equal(1, RecordedTerminal.Run("policy", "check", Path.Combine(_folder, "none")).ExitCode);
        Assert.Equal(2, RecordedTerminal.Run("policy", "diff", _folder, "x").ExitCode);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return Path.Combine(_folder, name);
    }

    private string Done(params string[] arguments)
    {
        var (exitCode, output, error) = Run(arguments);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)}: {error}");
        return output;
    }

    private (int ExitCode, string Output, string Error) Run(params string[] arguments) => RecordedTerminal.Run([.. arguments, "--passphrase-file", PassphraseFile]);
}

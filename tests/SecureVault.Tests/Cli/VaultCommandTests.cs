using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace SecureVault.Tests.Cli;

/// <summary>Commands on a real vault, in this process: one vault, for each command pays the whole key derivation.</summary>
[Collection(TheEnvironment.Name)]
public sealed class VaultCommandTests : IDisposable
{
    private const string StateVariable = "SECUREVAULT_STATEFOLDER";
    private readonly string _folder = Directory.CreateTempSubdirectory("securevault-cli-").FullName;
    private readonly string? _state = Environment.GetEnvironmentVariable(StateVariable);

    public VaultCommandTests()
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
    public void A_vault_is_made_edited_and_listed()
    {
        Assert.Contains("is a vault now (aes-256-gcm)", Done("init", Vault), StringComparison.Ordinal);
        Done("department", "add", Vault, "finance/treasury");
        Done("user", "add", Vault, "alice", "--uid", "1001", "--expires", "2026-12-31");
        Assert.Contains("alice has Finance:机密 read-only", Done("user", "grant", Vault, "alice", "Finance:机密", "--mode", "read-only"), StringComparison.Ordinal);

        using JsonDocument users = JsonDocument.Parse(Done("user", "list", Vault, "--json"));
        JsonElement alice = users.RootElement.EnumerateArray().Single();
        Assert.Equal(("alice", 1001u, "2027-01-01T00:00:00.000Z"), (alice.GetProperty("user").GetString(), alice.GetProperty("uid").GetUInt32(), alice.GetProperty("expires").GetString()));
        JsonElement grant = alice.GetProperty("grants").EnumerateArray().Single();
        Assert.Equal(("finance:secret", "read-only"), (grant.GetProperty("scope").GetString(), grant.GetProperty("mode").GetString()));

        var refused = Run("user", "grant", Vault, "bob", "finance:secret");
        Assert.Equal((1, "", 1), (refused.ExitCode, refused.Output, refused.Error.Count(c => c == '\n')));
        Assert.Contains("bob", refused.Error, StringComparison.Ordinal);

        File.WriteAllText(PassphraseFile, "open barley");
        Assert.Equal(3, Run("department", "list", Vault).ExitCode);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_no_place_for_a_vault()
    {
        Directory.CreateDirectory(Vault);
        File.WriteAllText(Path.Combine(Vault, "mine"), "mine");
        var (exitCode, _, error) = Run("init", Vault);
        Assert.Equal(1, exitCode);
        Assert.Contains("not empty", error, StringComparison.Ordinal);
        Assert.Equal(["mine"], Directory.GetFileSystemEntries(Vault).Select(Path.GetFileName));
    }

    private string Done(params string[] arguments)
    {
        var (exitCode, output, error) = Run(arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private (int ExitCode, string Output, string Error) Run(params string[] arguments) => RecordedTerminal.Run([.. arguments, "--passphrase-file", PassphraseFile]);
}

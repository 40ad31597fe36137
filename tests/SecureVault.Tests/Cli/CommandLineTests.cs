using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using SecureVault.Cli;
using SecureVault.Cli.Commands;
using SecureVault.Cli.Output;
using SecureVault.Tests.Architecture;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Cli;

public sealed class CommandLineTests
{
    private static readonly RootCommand Root = CommandTree.Build(new RecordedTerminal().Terminal, TimeProvider.System);

    [Fact]
    public void Every_command_that_does_something_has_an_example_that_parses()
    {
        foreach ((string path, Command command) in Leaves(Root, ""))
        {
            var taught = Assert.IsAssignableFrom<TaughtCommand>(command);
            Assert.NotEmpty(taught.Examples);
            foreach (string example in taught.Examples)
            {
                Assert.StartsWith(path, example, StringComparison.Ordinal);
                Assert.Empty(Root.Parse(example).Errors);
            }
        }
    }

    [Fact]
    public void Every_command_and_option_is_in_the_document_and_ends_its_sentence()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Source, "SecureVault.Cli", "CLI.md"));
        foreach ((string path, Command command) in Leaves(Root, ""))
        {
            Assert.Contains($"`{path}", document, StringComparison.Ordinal);
            Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
            foreach (Option option in command.Options)
            {
                Assert.Contains(option.Name, document, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("--help", "Commands:")]
    [InlineData("user grant --help", "securevault user grant /srv/vault alice finance:confidential")]
    [InlineData("mount -h", "--foreground")]
    [InlineData("help", "Commands:")]
    [InlineData("help user grant", "securevault user grant /srv/vault alice finance:confidential")]
    public void Help_teaches_and_exits_0(string line, string says)
    {
        var (exitCode, output, error) = RecordedTerminal.Run(line.Split(' '));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "'nonsense'")]
    [InlineData("user add v", "USER is missing")]
    [InlineData("user grant v alice", "SCOPE is missing")]
    [InlineData("mount", "VAULT is missing")]
    [InlineData("user add v eve --uid -5", "--uid takes a whole number")]
    [InlineData("user add v eve --uid 4294967295", "--uid takes a whole number")]
    [InlineData("user add v eve --encryption rot13", "--encryption is mandatory or optional or read-only, not 'rot13'")]
    [InlineData("user grant v alice f:s --mode everything", "--mode is plaintext or read-only")]
    [InlineData("user grant v alice f:s --expires soon", "--expires takes a date")]
    [InlineData("audit show v --since 5x", "--since takes a date")]
    [InlineData("audit show v --last 0", "--last takes a whole number")]
    [InlineData("audit show v --path Payroll", "--path is a path inside the vault and begins with '/', unlike 'Payroll'")]
    [InlineData("audit show v --event opened", "--event is open or create")]
    [InlineData("audit show v --until never", "--until takes a date")]
    [InlineData("audit show v --uid zed", "--uid takes a whole number")]
    [InlineData("user set v alice", "Nothing is to be changed; give --uid or --sid or --expires or --encryption")]
    [InlineData("user set v alice --uid none1", "or none, not 'none1'")]
    [InlineData("user set v alice --expires soon", "or never, not 'soon'")]
    [InlineData("group set v auditors", "give --gid or --sid")]
    [InlineData("label set v Payroll f:s", "begins with '/'")]
    [InlineData("init v --suite rot13", "--suite is aes-256-gcm or sm4-gcm")]
    [InlineData("explain v /x", "--user")]
    [InlineData("mount v m extra", "'extra'")]
    [InlineData("verify v --repair", "'--repair'")]
    public void A_command_line_that_makes_no_sense_is_one_line_and_exit_2(string line, string says)
    {
        var (exitCode, output, error) = RecordedTerminal.Run(line.Split(' '));
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("group member")]
    public void A_command_without_its_verb_shows_its_help_on_the_error_stream(string line)
    {
        var (exitCode, output, error) = RecordedTerminal.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("Commands:", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_told_twice_alike()
    {
        string version = RecordedTerminal.Run("--version").Output.Trim();
        Assert.StartsWith("securevault 1.", version, StringComparison.Ordinal);
        Assert.StartsWith(version + " (", RecordedTerminal.Run("version").Output, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(RecordedTerminal.Run("version", "--json").Output);
        Assert.Equal(version, "securevault " + json.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public void Each_kind_of_failure_has_its_promised_exit_code()
    {
        var expected = new Dictionary<VaultError, int>
        {
            [VaultError.None] = 0,
            [VaultError.Failed] = 1,
            [VaultError.WrongPassphrase] = 3,
            [VaultError.Damaged] = 4,
            [VaultError.NotPermitted] = 5,
            [VaultError.NewerFormat] = 1,
            [VaultError.AlreadyMounted] = 1,
            [VaultError.NotAVault] = 1,
            [VaultError.Usage] = 2,
        };
        Assert.Equal(expected, Enum.GetValues<VaultError>().ToDictionary(e => e, ExitCodes.Of));
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path)
    {
        foreach (Command child in command.Subcommands)
        {
            string childPath = path.Length == 0 ? child.Name : $"{path} {child.Name}";
            if (child.Subcommands.Count == 0)
            {
                yield return (childPath, child);
            }

            foreach (var leaf in Leaves(child, childPath))
            {
                yield return leaf;
            }
        }
    }
}

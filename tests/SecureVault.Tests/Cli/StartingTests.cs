using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Cli.Demo;
using SecureVault.Cli.Drives;
using SecureVault.Cli.Passphrases;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Cli;

/// <summary>Where passphrases come from, and how processes talk.</summary>
[Collection(TheEnvironment.Name)]
public sealed class StartingTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, null);
        File.Delete(_file);
    }

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\n", "secret")]
    [InlineData("two\nlines\n\n", "two\nlines\n")]
    [InlineData(" spaces \n", " spaces ")]
    [InlineData("密码\n", "密码")]
    public void A_passphrase_file_loses_one_line_break(string content, string passphrase)
    {
        File.WriteAllText(_file, content);
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, "not this");
        Assert.Equal(VaultResult.Ok, Find(_file, out string? found));
        Assert.Equal(passphrase, found);
    }

    [Theory]
    [InlineData("efbbbf67656865696d0d0a", "byte order mark")]
    [InlineData("fffe67006500680065006900", "not UTF-8")]
    [InlineData("6700650068006500", "not UTF-8")]
    [InlineData("67650a0a", "more than one line")]
    [InlineData("7061cc887373", "NFC")]
    [InlineData("70c3a47373", "")]
    [InlineData("e5af86e7a081", "")]
    public void A_new_vault_takes_only_a_passphrase_that_can_be_typed_again_and_an_old_one_any(string hex, string problem)
    {
        File.WriteAllBytes(_file, Convert.FromHexString(hex));
        Assert.Equal(VaultResult.Ok, Find(_file, out _));
        VaultResult made = PassphraseSource.TryFind(new RecordedTerminal().Terminal, _file, "vault", twice: true, out Passphrase? found);
        found?.Dispose();
        Assert.Equal(problem.Length == 0, made.IsOk);
        Assert.Contains(problem, made.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passphrase_file_that_others_may_read_is_warned_of()
    {
        File.WriteAllText(_file, "secret");
        foreach ((UnixFileMode mode, bool warned) in new[] { ((UnixFileMode)0x180, false), ((UnixFileMode)0x1A4, true), ((UnixFileMode)0x1A0, true) })
        {
            File.SetUnixFileMode(_file, mode);
            var terminal = new RecordedTerminal();
            Assert.Equal(VaultResult.Ok, PassphraseSource.TryFind(terminal.Terminal, _file, "vault", twice: false, out Passphrase? found));
            found!.Dispose();
            Assert.Equal(warned, terminal.Error.Contains("chmod 600", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_passphrase_in_the_environment_is_taken_out_of_it()
    {
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, "from there");
        Assert.Equal(VaultResult.Ok, Find(null, out string? found));
        Assert.Equal("from there", found);
        Assert.Null(Environment.GetEnvironmentVariable(PassphraseSource.Variable));
    }

    [Fact]
    public void Without_a_terminal_the_other_two_ways_are_named()
    {
        VaultResult result = Find(null, out _);
        Assert.Equal(VaultError.Usage, result.Error);
        Assert.Contains("--passphrase-file", result.Message, StringComparison.Ordinal);
        Assert.Contains(PassphraseSource.Variable, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_missing_or_endless_passphrase_file_is_refused()
    {
        File.WriteAllText(_file, "\n");
        Assert.Equal(VaultError.Usage, Find(_file, out _).Error);
        File.WriteAllBytes(_file, new byte[Passphrase.MaxLength + 10]);
        Assert.Equal(VaultError.Failed, Find(_file, out _).Error);
        VaultResult missing = Find(_file + ".none", out _);
        Assert.Equal(VaultError.Failed, missing.Error);
        Assert.Contains(_file + ".none", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("live", VaultError.None, "")]
    [InlineData("error 3 Not it. Try again.", VaultError.Damaged, "Not it. Try again.")]
    [InlineData("error 0 all is well", VaultError.Failed, "")]
    [InlineData("error 250 odd", VaultError.Failed, "")]
    [InlineData("error -1 odd", VaultError.Failed, "")]
    [InlineData("something else", VaultError.Failed, "")]
    [InlineData(null, VaultError.Failed, "")]
    public void The_answer_of_a_drives_process_is_understood(string? line, VaultError error, string message) =>
        Assert.Equal(new VaultResult(error, message), BackgroundDrive.ParseAnswer(line));

    [Fact]
    public void An_order_survives_as_arguments()
    {
        var order = new DriveOrder("/a vault", "/b", null, ["log.level=debug", "threads=3"]);
        DriveOrder again = DriveOrder.FromArguments([.. order.ToArguments()]);
        Assert.Equal((order.Vault, order.MountPoint, order.SettingsFile), (again.Vault, again.MountPoint, again.SettingsFile));
        Assert.Equal(order.Settings, again.Settings);
        Assert.Equal("/x", DriveOrder.FromArguments([.. (order with { SettingsFile = "/x" }).ToArguments()]).SettingsFile);
        foreach (DriveOrder wish in new[] { order, order with { ReadOnly = true }, order with { TakeOver = true } })
        {
            DriveOrder back = DriveOrder.FromArguments([.. wish.ToArguments()]);
            Assert.Equal((wish.ReadOnly, wish.TakeOver), (back.ReadOnly, back.TakeOver));
        }

        Assert.True(Path.IsPathRooted((order with { Vault = "relative" }).ToArguments().First()));
    }

    [Fact]
    public void The_tour_finds_documents_for_each_folder_inside_and_outside_the_repository()
    {
        string elsewhere = Directory.CreateTempSubdirectory("securevault-").FullName;
        try
        {
            for (int i = 0; i < 6; i++)
            {
                File.WriteAllText(Path.Combine(elsewhere, $"{i}.txt"), "text");
            }

            foreach (string folder in new[] { AppContext.BaseDirectory.TrimEnd('/'), elsewhere })
            {
                var found = Documents.Find(folder);
                Assert.Equal([Documents.Finance, Documents.Engineering, Documents.Notes], found.Select(d => d.Folder).Distinct());
                Assert.All(found, d => Assert.True(File.Exists(d.Source)));
                Assert.Equal(found.Count, found.Select(d => d.Inside).Distinct().Count());
            }
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public void The_tours_people_are_nobody_on_this_machine()
    {
        var asRoot = People.Choose(0);
        Assert.Equal(["alice", "bob", "carol", "root"], asRoot.Select(p => p.Name));
        Assert.Equal(4, asRoot.Select(p => p.Uid).Distinct().Count());
        Assert.All(asRoot, p => Assert.True(p.IsReal));
        var asUser = People.Choose(1234);
        Assert.Equal(1234u, asUser[0].Uid);
        Assert.Equal([true, false, false], asUser.Select(p => p.IsReal));
    }

    private static VaultResult Find(string? file, out string? passphrase)
    {
        VaultResult result = PassphraseSource.TryFind(new RecordedTerminal().Terminal, file, "vault", twice: false, out Passphrase? found);
        using (found)
        {
            passphrase = found is null ? null : Encoding.UTF8.GetString(found.Bytes);
        }

        return result;
    }
}

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>Wrong, damaged and hostile input through the command line: the promised exit code, one clear line, nothing overwritten.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("securevault-bad-").FullName;

    private string Vault => _folder + "/vault";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void A_wrong_passphrase_is_exit_3_after_the_full_derivation()
    {
        Require.Tool("python3");
        Programs.Done("init", Vault);
        const int mebibytes = 64; // what scrypt fills at the default cost
        Assert.Equal(0, Programs.Measured(null, out long least, "version").ExitCode);
        Failed(3, "passphrase", Programs.Measured("not it", out long most, "level", "list", Vault));
        Assert.True(most - least > mebibytes << 20, string.Create(CultureInfo.InvariantCulture, $"a wrong passphrase took {most} bytes of memory, a command without one {least}"));
    }

    [Theory]
    [InlineData("securevault.json")]
    [InlineData("keyring")]
    [InlineData("policy")]
    [InlineData("audit/head")]
    [InlineData("audit/log")]
    public void A_cut_empty_or_garbled_file_of_the_vault_is_exit_4_and_named_and_left_alone(string name)
    {
        Programs.Done("init", Vault);
        string path = Path.Combine(Vault, name);
        byte[] original = File.ReadAllBytes(path);
        byte[] flipped = [.. original];
        flipped[flipped.Length / 2] ^= 0x20;
        foreach (byte[] bytes in new[] { [], original[..(original.Length / 2)], "garbage, nothing but garbage, over and over"u8.ToArray() })
        {
            File.WriteAllBytes(path, bytes);
            Ended ended = name == "audit/log" ? Programs.Securevault("audit", "verify", Vault) : Programs.Securevault("level", "list", Vault);
            Failed(4, Path.GetFileName(name), ended);
            Assert.Equal(bytes, File.ReadAllBytes(path));
        }

        File.WriteAllBytes(path, original);
        Programs.Done("level", "list", Vault);
    }

    [Fact]
    public void A_later_format_is_refused_with_its_number()
    {
        Programs.Done("init", Vault);
        string path = Vault + "/securevault.json";
        string config = File.ReadAllText(path);
        string later = config.Replace("\"format\": 1", "\"format\": 7", StringComparison.Ordinal).Replace("\"format\":1", "\"format\":7", StringComparison.Ordinal);
        Assert.NotEqual(config, later);
        File.WriteAllText(path, later);
        Ended ended = Programs.Securevault("level", "list", Vault);
        Assert.Contains("7", ended.Error, StringComparison.Ordinal);
        Assert.Equal(1, ended.ExitCode);
    }

    [Fact]
    public void A_cheaper_key_derivation_written_into_the_config_is_refused()
    {
        Programs.Done("init", Vault);
        string path = Vault + "/securevault.json";
        string config = File.ReadAllText(path);
        string weaker = config.Replace("65536", "1024", StringComparison.Ordinal);
        Assert.NotEqual(config, weaker);
        File.WriteAllText(path, weaker);
        Failed(4, "securevault.json", Programs.Securevault("level", "list", Vault));
    }

    [Fact]
    public void Init_overwrites_nothing()
    {
        Directory.CreateDirectory(Vault);
        File.WriteAllText(Vault + "/mine", "mine");
        Failed(1, "empty", Programs.Securevault("init", Vault));
        Assert.Equal("mine", File.ReadAllText(Vault + "/mine"));
        Assert.Single(Directory.GetFileSystemEntries(Vault));
    }

    [Fact]
    public void Unknown_names_levels_and_paths_are_named_in_one_line()
    {
        Programs.Done("init", Vault);
        Programs.Done("department", "add", Vault, "finance");
        Programs.Done("user", "add", Vault, "alice", "--uid", "65001");
        Failed(1, "bob", Programs.Securevault("user", "grant", Vault, "bob", "finance:secret"));
        Failed(1, "legal", Programs.Securevault("user", "grant", Vault, "alice", "legal:secret"));
        Failed(1, "cosmic", Programs.Securevault("user", "grant", Vault, "alice", "finance:cosmic"));
        Failed(1, "cosmic", Programs.Securevault("label", "set", Vault, "/", "finance:cosmic"));
        Failed(1, "nowhere", Programs.Securevault("label", "set", Vault, "/nowhere", "finance:secret"));
        Failed(1, "nowhere", Programs.Securevault("label", "show", Vault, "/nowhere"));
        Failed(1, "bob", Programs.Securevault("explain", Vault, "--user", "bob", "/"));
        Failed(1, "vault", Programs.Securevault("level", "list", _folder + "/none"));
        Failed(2, "uid", Programs.Securevault("user", "add", Vault, "eve", "--uid", "-5"));
        Failed(2, "", Programs.Securevault("nonsense"));
        Failed(2, "mode", Programs.Securevault("user", "grant", Vault, "alice", "finance:secret", "--mode", "everything"));
    }

    [Fact]
    public void Chinese_level_names_are_accepted()
    {
        Programs.Done("init", Vault);
        Programs.Done("department", "add", Vault, "财务");
        Programs.Done("user", "add", Vault, "alice", "--uid", "65001");
        Programs.Done("user", "grant", Vault, "alice", "财务:机密");
        Assert.Contains("secret", Programs.Done("user", "list", Vault), StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_policy_put_back_is_refused()
    {
        Programs.Done("init", Vault);
        Programs.Done("department", "add", Vault, "finance");
        byte[] older = File.ReadAllBytes(Vault + "/policy");
        Programs.Done("department", "add", Vault, "legal");
        File.WriteAllBytes(Vault + "/policy", older);
        Failed(4, "policy", Programs.Securevault("department", "list", Vault));
    }

    [Fact]
    public void A_passphrase_is_never_an_argument_and_can_come_from_a_file()
    {
        string file = _folder + "/passphrase";
        File.WriteAllText(file, "from a file\n");
        Ended made = Programs.SecurevaultAs(null, "init", Vault, "--passphrase-file", file);
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Equal(0, Programs.SecurevaultAs("from a file", "level", "list", Vault).ExitCode);
        Failed(2, "passphrase", Programs.SecurevaultAs(null, "level", "list", Vault));
    }

    [SkippableFact]
    public void A_full_disk_tells_the_writer_and_keeps_what_was_there()
    {
        Require.Mounts();
        string disk = Directory.CreateDirectory(_folder + "/disk").FullName;
        string drive = Directory.CreateDirectory(_folder + "/drive").FullName;
        Assert.Equal(0, Programs.Shell($"mount -t tmpfs -o size=24m tmpfs '{disk}'").ExitCode);
        try
        {
            Programs.Done("init", disk + "/vault");
            Programs.Done("mount", disk + "/vault", drive);
            try
            {
                File.WriteAllText(drive + "/kept", "kept");
                Ended ended = Programs.Shell($"dd if=/dev/urandom of='{drive}/big' bs=128k count=400 conv=fsync");
                Assert.Contains("No space left on device", ended.Error, StringComparison.Ordinal);
                Assert.Equal("kept", File.ReadAllText(drive + "/kept"));
                Assert.Equal(0, Programs.Shell($"cat '{drive}/big' > /dev/null").ExitCode);
                File.Delete(drive + "/big");
                File.WriteAllText(drive + "/after", "after");
            }
            finally
            {
                Programs.Done("unmount", drive);
            }

            Programs.Done("verify", disk + "/vault");
        }
        finally
        {
            Programs.Shell($"umount '{disk}'");
        }
    }

    [SkippableFact]
    public void A_read_only_backing_store_is_refused()
    {
        Require.Mounts();
        string disk = Directory.CreateDirectory(_folder + "/disk").FullName;
        string drive = Directory.CreateDirectory(_folder + "/drive").FullName;
        Assert.Equal(0, Programs.Shell($"mount -t tmpfs -o size=24m tmpfs '{disk}'").ExitCode);
        try
        {
            Programs.Done("init", disk + "/vault");
            Programs.Shell($"mount -o remount,ro '{disk}'");
            Failed(1, "read-only", Programs.Securevault("mount", disk + "/vault", drive));
            Assert.False(Drive.IsMountPoint(drive));
        }
        finally
        {
            Programs.Shell($"umount '{disk}'");
        }
    }

    [SkippableFact]
    public void A_stored_file_deleted_or_replaced_underneath_gives_an_error_and_the_drive_goes_on()
    {
        Require.Mounts();
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string stored = drive.StoredFilesMadeBy(() => alice.Write(drive.Payroll + "/gone", "gone")).Single();
        drive.Settle();
        File.Delete(stored);
        Assert.True(alice.Read(drive.Payroll + "/gone") is "ENOENT" or "ESTALE");
        string garbled = drive.StoredFilesMadeBy(() => alice.Write(drive.Payroll + "/garbled", "garbled")).Single();
        drive.Settle();
        File.WriteAllText(garbled, "nothing of this is a header");
        Assert.Equal("EIO", alice.Do("fresh", drive.Payroll + "/garbled"));
        Assert.Equal("ok 5", alice.Write(drive.Payroll + "/fine", "still"));
        Assert.Equal("still", alice.Read(drive.Payroll + "/fine"));
        Assert.Contains("integrity-failure", Programs.Done("audit", "show", drive.Vault, "--json"), StringComparison.OrdinalIgnoreCase);
        Ended verify = Programs.Securevault("verify", drive.Vault);
        Assert.Equal(4, verify.ExitCode);
        Assert.Contains("garbled", verify.Output + verify.Error, StringComparison.Ordinal);
        Assert.Equal("ok 0", alice.Do("unlink", drive.Payroll + "/garbled"));
    }

    private static void Failed(int exitCode, string word, Ended ended)
    {
        Assert.True(ended.ExitCode == exitCode, string.Create(CultureInfo.InvariantCulture, $"exit {ended.ExitCode}, not {exitCode}: {ended.Output}{ended.Error}"));
        Assert.Contains(word, ended.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }
}

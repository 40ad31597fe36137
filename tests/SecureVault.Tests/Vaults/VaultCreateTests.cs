using System;
using System.IO;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Vaults;

public sealed class VaultCreateTests
{
    [Theory]
    [InlineData(CipherSuite.Aes256Gcm)]
    [InlineData(CipherSuite.Sm4Gcm)]
    public void A_new_vault_has_the_files_of_the_format_and_opens(CipherSuite suite)
    {
        using var temp = new TempVault(suite);
        string[] made = Directory.GetFileSystemEntries(temp.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(temp.Folder, f)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["audit", "audit/head", "audit/log", "jobs", "journal", "keyring", "lock", "policy", "root", "root/securevault.dir", "securevault.json", "sessions"], made);
        using Vault vault = temp.Open();
        Assert.Equal(suite, vault.Config.Suite);
        Assert.Equal(1UL, vault.Policy.Current.Version);
        Assert.NotNull(vault.Keyring.Find(vault.Keyring.Unlabelled));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Only_the_owner_may_read_a_new_vault()
    {
        using var temp = new TempVault();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(temp.Folder));
        foreach (string file in Directory.GetFiles(temp.Folder, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void An_empty_folder_becomes_a_vault()
    {
        string folder = Directory.CreateTempSubdirectory("vaults-test-").FullName;
        Assert.Equal(VaultResult.Ok, Vault.Create(folder, CipherSuite.Aes256Gcm, TempVault.Passphrase, TempVault.Cheap, TimeProvider.System));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_folder_with_anything_in_it_is_left_alone()
    {
        using var temp = new TempVault();
        string before = temp.Fingerprint();
        VaultResult again = Vault.Create(temp.Folder, CipherSuite.Aes256Gcm, TempVault.Passphrase, TempVault.Cheap, TimeProvider.System);
        Assert.Equal(VaultError.Failed, again.Error);
        Assert.Contains("is a vault already", again.Message, StringComparison.Ordinal);
        Assert.Equal(before, temp.Fingerprint());
    }

    [Fact]
    public void A_folder_whose_parent_is_missing_is_refused()
    {
        VaultResult result = Vault.Create("/no-such-folder-here/vault", CipherSuite.Aes256Gcm, TempVault.Passphrase, TempVault.Cheap, TimeProvider.System);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains("/no-such-folder-here does not exist", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_fills_at_any_point_leaves_nothing_behind()
    {
        string top = Directory.CreateTempSubdirectory("vaults-test-").FullName;
        string folder = Path.Combine(top, "vault");
        for (int works = 0; ; works++)
        {
            var store = new FaultyStore(new LinuxStore(), works, VaultStatus.NoSpace);
            VaultResult result = Vault.Create(store, folder, CipherSuite.Aes256Gcm, TempVault.Passphrase, TempVault.Cheap, TimeProvider.System);
            if (result.IsOk)
            {
                Assert.True(works > 20, "the vault was made with too few changes to have failed at each");
                break;
            }

            Assert.False(Directory.Exists(folder), $"left after {works} changes: {result.Message}");
        }

        Directory.Delete(top, recursive: true);
    }
}

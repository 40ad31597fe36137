using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>A vault in a temporary folder, with cheap key derivation. Dispose removes it.</summary>
internal sealed class TempVault : IDisposable
{
    public static readonly ScryptCost Cheap = new(1 << 10, 8, 1);
    public static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("correct horse");
    private readonly string _top = Directory.CreateTempSubdirectory("vaults-test-").FullName;

    public TempVault(CipherSuite suite = CipherSuite.Aes256Gcm)
    {
        Folder = Path.Combine(_top, "vault");
        VaultResult made = Vault.Create(Folder, suite, Passphrase, Cheap, Clock);
        Assert.Equal(VaultResult.Ok, made);
    }

    public string Folder { get; }

    /// <summary>Of the vault and of all who open it: neither a minute's checkpoint nor a session's beat comes between a test's steps.</summary>
    public FakeClock Clock { get; } = new();

    /// <summary>The machine's memory, shared by all opens through Open.</summary>
    public MemoryAnchor Anchor { get; } = new();

    public string this[string name] => Path.Combine(Folder, name);

    public Vault Open(IBackingStore? store = null, string bootId = "boot-1")
    {
        VaultResult result = TryOpen(out Vault? vault, store, bootId);
        Assert.Equal(VaultResult.Ok, result);
        return vault!;
    }

    public VaultResult TryOpen(out Vault? vault, IBackingStore? store = null, string bootId = "boot-1", MemoryAnchor? anchor = null) =>
        Vault.Open(store ?? new LinuxStore(), Folder, Passphrase, Cheap, anchor ?? Anchor, Clock, bootId, out vault);

    public Vault OpenForAudit(MemoryAnchor? anchor = null)
    {
        VaultResult result = Vault.OpenForAudit(new LinuxStore(), Folder, Passphrase, Cheap, anchor ?? Anchor, Clock, out Vault? vault);
        Assert.Equal(VaultResult.Ok, result);
        return vault!;
    }

    /// <summary>Departments and levels that labels in the tests name.</summary>
    public static void AddDepartments(Vault vault, params string[] departments)
    {
        foreach (string department in departments)
        {
            Assert.Equal(VaultResult.Ok, vault.EditPolicy(policy => policy.AddDepartment(department), $"department {department}"));
        }
    }

    public static AuditRecord Record(string path, string user = "alice", bool allowed = true) =>
        new(new DateTimeOffset(2026, 1, 31, 8, 15, 30, TimeSpan.Zero), AuditEvent.Open, allowed, allowed ? "plaintext" : "denied", user, 1001, 42, "/bin/cat", "finance:secret", path, 1, "");

    /// <summary>Every file of the vault with its bytes, to see that nothing was overwritten.</summary>
    public string Fingerprint() => string.Join('\n', Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => $"{f} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}"));

    public void Dispose() => Directory.Delete(_top, recursive: true);
}

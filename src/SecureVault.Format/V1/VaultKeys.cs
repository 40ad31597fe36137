using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>The keys derived from a vault key, by HKDF with the literal purposes FORMAT.md lists. Owned; disposed together.</summary>
/// <remarks>The purposes are part of the format: a changed letter makes every vault unreadable. Any thread.</remarks>
public sealed class VaultKeys : IDisposable
{
    /// <summary>Length of a vault key in bytes.</summary>
    public const int VaultKeySize = 32;

    internal const string HeaderPurpose = "securevault v1 file header";
    internal const string DirectoryPurpose = "securevault v1 directory";
    internal const string DocumentPurpose = "securevault v1 document";
    internal const string AuditPurpose = "securevault v1 audit";
    internal const string NamesPurpose = "securevault v1 names";
    internal const string LinksPurpose = "securevault v1 links";
    internal const string XattrNamesPurpose = "securevault v1 xattr names";

    private const int SivKeySize = 64;

    /// <summary>Derives all seven; vaultKey (32 bytes) may be disposed afterwards.</summary>
    public VaultKeys(CipherSuite suite, SecretKey vaultKey)
    {
        Require.That(vaultKey.Size == VaultKeySize, "A vault key has 32 bytes.");
        Suite = suite;
        Header = Aead(suite, vaultKey, HeaderPurpose);
        Directory = Aead(suite, vaultKey, DirectoryPurpose);
        Document = Aead(suite, vaultKey, DocumentPurpose);
        Audit = Aead(suite, vaultKey, AuditPurpose);
        Names = Siv(vaultKey, NamesPurpose);
        Links = Siv(vaultKey, LinksPurpose);
        XattrNames = Siv(vaultKey, XattrNamesPurpose);
    }

    /// <summary>The vault's suite: of all four AEAD keys.</summary>
    public CipherSuite Suite { get; }

    /// <summary>Outer layer of file headers (hides which compartment a file is of).</summary>
    public AeadKey Header { get; }

    /// <summary>Folder records and folders' extended attributes.</summary>
    public AeadKey Directory { get; }

    /// <summary>Keyring, policy, sessions, jobs.</summary>
    public AeadKey Document { get; }

    /// <summary>Audit records and head.</summary>
    public AeadKey Audit { get; }

    /// <summary>Names of folder entries.</summary>
    public SivKey Names { get; }

    /// <summary>Targets of symbolic links.</summary>
    public SivKey Links { get; }

    /// <summary>Names of extended attributes.</summary>
    public SivKey XattrNames { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Header.Dispose();
        Directory.Dispose();
        Document.Dispose();
        Audit.Dispose();
        Names.Dispose();
        Links.Dispose();
        XattrNames.Dispose();
    }

    private static AeadKey Aead(CipherSuite suite, SecretKey vaultKey, string purpose)
    {
        using SecretKey key = KeyDerivation.Derive(vaultKey, [], purpose, AeadKey.KeySize(suite));
        return AeadKey.Create(suite, key);
    }

    private static SivKey Siv(SecretKey vaultKey, string purpose)
    {
        using SecretKey key = KeyDerivation.Derive(vaultKey, [], purpose, SivKeySize);
        return SivKey.Create(key);
    }
}

using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>The keys derived from a vault key, by HKDF with the literal purposes FORMAT.md lists. Owned; disposed together.</summary>
public sealed class VaultKeys : IDisposable
{
    public VaultKeys(CipherSuite suite, SecretKey vaultKey) => throw new NotSupportedException();

    public CipherSuite Suite => throw new NotSupportedException();

    /// <summary>Outer layer of file headers (hides which compartment a file is of).</summary>
    public AeadKey Header => throw new NotSupportedException();

    /// <summary>Folder records and folders' extended attributes.</summary>
    public AeadKey Directory => throw new NotSupportedException();

    /// <summary>Keyring, policy, sessions, jobs.</summary>
    public AeadKey Document => throw new NotSupportedException();

    /// <summary>Audit records and head.</summary>
    public AeadKey Audit => throw new NotSupportedException();

    public SivKey Names => throw new NotSupportedException();
    public SivKey Links => throw new NotSupportedException();
    public SivKey XattrNames => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}

namespace SecureVault.Crypto;

/// <summary>The authenticated cipher of a vault; the number is stored in the format and never changes.</summary>
public enum CipherSuite : byte
{
    /// <summary>AES-256 in Galois/Counter mode, NIST SP 800-38D; 32-byte key.</summary>
    Aes256Gcm = 1,

    /// <summary>SM4 in Galois/Counter mode, RFC 8998; 16-byte key.</summary>
    Sm4Gcm = 2,
}

using System;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;

namespace SecureVault.Crypto;

/// <summary>Turns a passphrase into a key. Any thread.</summary>
public static class PassphraseKdf
{
    /// <summary>Length of the key in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Runs scrypt over the UTF-8 passphrase bytes; returns a 32-byte key. Takes about a quarter of a second.</summary>
    /// <param name="passphrase">Secret; the caller wipes it. May be empty for the standard's vectors only.</param>
    /// <param name="salt">Random, stored in the clear.</param>
    /// <param name="cost">Must be possible; a cost read from a file is checked with IsAcceptable first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is not one that scrypt can run within 1 GiB.</exception>
    public static SecretKey Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, ScryptCost cost)
    {
        if (!cost.IsAcceptable(ScryptCost.Least))
        {
            throw new ArgumentOutOfRangeException(nameof(cost), cost, "Not a scrypt cost within 1 GiB.");
        }

        // Pinned, so that the collector makes no copies that nobody wipes.
        byte[] copy = GC.AllocateUninitializedArray<byte>(passphrase.Length, pinned: true);
        byte[]? derived = null;
        try
        {
            passphrase.CopyTo(copy);
            derived = SCrypt.Generate(copy, salt.ToArray(), cost.N, cost.R, cost.P, KeySize);
            return SecretKey.Import(derived);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
            CryptographicOperations.ZeroMemory(derived);
        }
    }
}

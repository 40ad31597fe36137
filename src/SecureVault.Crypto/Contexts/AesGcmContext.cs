using System;
using System.Security.Cryptography;

namespace SecureVault.Crypto.Contexts;

/// <summary>AES-256-GCM by the system's library: hardware speed, constant time.</summary>
internal sealed class AesGcmContext : AeadContext
{
    private readonly AesGcm _gcm;

    internal AesGcmContext(ReadOnlySpan<byte> key) => _gcm = new AesGcm(key, TagSize);

    /// <inheritdoc/>
    internal override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated) =>
        _gcm.Encrypt(nonce, plain, cipher, tag, associated);

    /// <inheritdoc/>
    internal override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated)
    {
        try
        {
            _gcm.Decrypt(nonce, cipher, tag, plain, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _gcm.Dispose();
}

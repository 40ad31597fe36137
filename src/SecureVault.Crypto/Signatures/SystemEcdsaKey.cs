using System;
using System.Security.Cryptography;

namespace SecureVault.Crypto.Signatures;

/// <summary>The framework's ECDSA.</summary>
internal sealed class SystemEcdsaKey : EcdsaKey
{
    private readonly ECDsa _ecdsa;

    public SystemEcdsaKey(ReadOnlySpan<byte> point, byte[]? scalar)
    {
        int size = ScalarSize;
        _ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point.Slice(1, size).ToArray(), Y = point.Slice(1 + size, size).ToArray() },
            D = scalar,
        });
    }

    public override void SignHash(ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        if (_ecdsa.SignHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) != signature.Length)
        {
            throw new CryptographicException("The library wrote a signature of another length.");
        }
    }

    public override bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) => _ecdsa.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public override void Dispose() => _ecdsa.Dispose();
}

using System;
using System.Security.Cryptography;
using System.Threading;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using SecureVault.Crypto.Signatures;

namespace SecureVault.Crypto;

/// <summary>ECDSA P-256 with SHA-256 (FIPS 186-5); signatures are 64 bytes, r then s (IEEE P1363).</summary>
/// <remarks>Any thread (serialized inside).</remarks>
public sealed class SigningKey : IDisposable
{
    /// <summary>Signature length in bytes.</summary>
    public const int SignatureSize = 64;

    /// <summary>Length of the private scalar in bytes.</summary>
    public const int ScalarSize = EcdsaKey.ScalarSize;

    /// <summary>Length of the uncompressed public point in bytes.</summary>
    public const int PointSize = EcdsaKey.PointSize;

    private const byte Uncompressed = 4;

    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256r1");

    // Protects _ecdsa, which serves one thread at a time, and _scalar against being wiped while it is read. A leaf.
    private readonly Lock _gate = new();
    private readonly EcdsaKey _ecdsa;
    private readonly SecretKey _scalar;
    private readonly byte[] _point;

    private SigningKey(EcdsaKey ecdsa, SecretKey scalar, byte[] point)
    {
        _ecdsa = ecdsa;
        _scalar = scalar;
        _point = point;
    }

    /// <summary>A new key pair: scalars are drawn until one is in range (FIPS 186-5, A.2.2).</summary>
    public static SigningKey Generate()
    {
        byte[] scalar = GC.AllocateUninitializedArray<byte>(ScalarSize, pinned: true);
        try
        {
            SigningKey? key;
            do
            {
                RandomNumberGenerator.Fill(scalar);
            }
            while (!TryImport(scalar, out key));

            return key!;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>Imports the 32-byte private scalar; the public point is computed. False when out of range.</summary>
    /// <remarks>False also for another length. The caller disposes the key and wipes the scalar.</remarks>
    public static bool TryImport(ReadOnlySpan<byte> privateScalar, out SigningKey? key)
    {
        key = null;
        if (privateScalar.Length != ScalarSize)
        {
            return false;
        }

        byte[] scalar = GC.AllocateUninitializedArray<byte>(ScalarSize, pinned: true);
        try
        {
            privateScalar.CopyTo(scalar);
            var number = new BigInteger(1, scalar);
            if (number.SignValue == 0 || number.CompareTo(Curve.N) >= 0)
            {
                return false;
            }

            // Not every platform's library computes the point from the scalar alone.
            byte[] point = Curve.G.Multiply(number).Normalize().GetEncoded(false);
            key = new SigningKey(EcdsaKey.Private(point, scalar), SecretKey.Import(scalar), point);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>Writes the 32-byte private scalar, for sealing only.</summary>
    public void ExportPrivate(Span<byte> scalar)
    {
        if (scalar.Length != ScalarSize)
        {
            throw new ArgumentException("A private scalar has 32 bytes.", nameof(scalar));
        }

        lock (_gate)
        {
            _scalar.Bytes.CopyTo(scalar);
        }
    }

    /// <summary>The uncompressed public point: 0x04, X (32), Y (32); 65 bytes.</summary>
    public byte[] PublicPoint() => [.. _point];

    /// <summary>Signs <paramref name="message"/>; signature has 64 bytes.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        if (signature.Length != SignatureSize)
        {
            throw new ArgumentException("A signature has 64 bytes.", nameof(signature));
        }

        lock (_gate)
        {
            _ecdsa.SignHash(SHA256.HashData(message), signature);
        }
    }

    /// <summary>Verifies with the 65-byte public point; false for anything malformed.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicPoint, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicPoint.Length != PointSize || publicPoint[0] != Uncompressed || signature.Length != SignatureSize)
        {
            return false;
        }

        try
        {
            using EcdsaKey ecdsa = EcdsaKey.Public(publicPoint);
            return ecdsa.VerifyHash(SHA256.HashData(message), signature);
        }
        catch (CryptographicException)
        {
            // The point is not on the curve.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ecdsa.Dispose();
            _scalar.Dispose();
        }
    }
}

using System;
using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using SecureVault.Crypto.Native;

namespace SecureVault.Crypto.Signatures;

/// <summary>Windows' ECDSA by its primitives (bcrypt.dll). The framework goes through the key storage layer above them, which Wine has only for RSA.</summary>
/// <remarks>Key blobs (BCRYPT_ECCKEY_BLOB): magic u32, size of a coordinate u32, both little endian, then X, Y and, of a private key, the scalar.</remarks>
[SupportedOSPlatform("windows")]
internal sealed unsafe class CngEcdsaKey : EcdsaKey
{
    private const int BlobHeader = 8;

    // Lives as long as the process; any thread may use it.
    private static readonly nint Algorithm = Open();

    private nint _key;

    /// <param name="point">Uncompressed, 65 bytes.</param>
    /// <param name="scalar">32 bytes, or none for a public key.</param>
    public CngEcdsaKey(ReadOnlySpan<byte> point, ReadOnlySpan<byte> scalar)
    {
        bool signs = !scalar.IsEmpty;
        Span<byte> blob = stackalloc byte[BlobHeader + PointSize - 1 + ScalarSize];
        blob = blob[..(BlobHeader + point.Length - 1 + scalar.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(blob, signs ? BCrypt.BCRYPT_ECDSA_PRIVATE_P256_MAGIC : BCrypt.BCRYPT_ECDSA_PUBLIC_P256_MAGIC);
        BinaryPrimitives.WriteInt32LittleEndian(blob[4..], ScalarSize);
        point[1..].CopyTo(blob[BlobHeader..]);
        scalar.CopyTo(blob[(BlobHeader + point.Length - 1)..]);
        try
        {
            fixed (byte* bytes = blob)
            {
                Demand(BCrypt.BCryptImportKeyPair(Algorithm, 0, signs ? "ECCPRIVATEBLOB" : "ECCPUBLICBLOB", out _key, bytes, (uint)blob.Length, 0));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blob);
        }
    }

    public override void SignHash(ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        fixed (byte* input = hash, output = signature)
        {
            Demand(BCrypt.BCryptSignHash(_key, null, input, (uint)hash.Length, output, (uint)signature.Length, out uint written, 0));
            if (written != (uint)signature.Length)
            {
                throw new CryptographicException("The library wrote a signature of another length.");
            }
        }
    }

    public override bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        fixed (byte* input = hash, signed = signature)
        {
            return BCrypt.BCryptVerifySignature(_key, null, input, (uint)hash.Length, signed, (uint)signature.Length, 0) == BCrypt.STATUS_SUCCESS;
        }
    }

    public override void Dispose()
    {
        if (_key != 0)
        {
            _ = BCrypt.BCryptDestroyKey(_key);
            _key = 0;
        }
    }

    private static nint Open()
    {
        Demand(BCrypt.BCryptOpenAlgorithmProvider(out nint algorithm, "ECDSA_P256", null, 0));
        return algorithm;
    }

    private static void Demand(int status)
    {
        if (status != BCrypt.STATUS_SUCCESS)
        {
            throw new CryptographicException($"bcrypt.dll answered 0x{status:X8}.");
        }
    }
}

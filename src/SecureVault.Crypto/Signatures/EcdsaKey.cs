using System;

namespace SecureVault.Crypto.Signatures;

/// <summary>ECDSA on P-256 as the system's library has it. Hashes have 32 bytes, signatures 64: r then s.</summary>
/// <remarks>One thread at a time. CryptographicException where the library fails, and from the openings for a point that is not on the curve.</remarks>
internal abstract class EcdsaKey : IDisposable
{
    /// <summary>Bytes of a private scalar, and of each coordinate of a point.</summary>
    internal const int ScalarSize = 32;

    /// <summary>Bytes of an uncompressed point.</summary>
    internal const int PointSize = 1 + 2 * ScalarSize;

    /// <summary>A key that signs and verifies.</summary>
    /// <param name="point">Uncompressed, 65 bytes.</param>
    /// <param name="scalar">The point's own, 32 bytes; copied by the library.</param>
    public static EcdsaKey Private(ReadOnlySpan<byte> point, byte[] scalar) => OperatingSystem.IsWindows() ? new CngEcdsaKey(point, scalar) : new SystemEcdsaKey(point, scalar);

    /// <summary>A key that verifies.</summary>
    public static EcdsaKey Public(ReadOnlySpan<byte> point) => OperatingSystem.IsWindows() ? new CngEcdsaKey(point, []) : new SystemEcdsaKey(point, null);

    public abstract void SignHash(ReadOnlySpan<byte> hash, Span<byte> signature);

    public abstract bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature);

    public abstract void Dispose();
}

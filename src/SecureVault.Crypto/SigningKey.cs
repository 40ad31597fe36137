using System;

namespace SecureVault.Crypto;

/// <summary>ECDSA P-256 with SHA-256 (FIPS 186-5); signatures are 64 bytes, r then s (IEEE P1363).</summary>
/// <remarks>Any thread (serialized inside).</remarks>
public sealed class SigningKey : IDisposable
{
    /// <summary>Signature length in bytes.</summary>
    public const int SignatureSize = 64;

    private SigningKey() => throw new NotSupportedException();

    /// <summary>A new key pair.</summary>
    public static SigningKey Generate() => throw new NotSupportedException();

    /// <summary>Imports the 32-byte private scalar; the public point is computed. False when out of range.</summary>
    public static bool TryImport(ReadOnlySpan<byte> privateScalar, out SigningKey? key) => throw new NotSupportedException();

    /// <summary>Writes the 32-byte private scalar, for sealing only.</summary>
    public void ExportPrivate(Span<byte> scalar) => throw new NotSupportedException();

    /// <summary>The uncompressed public point: 0x04, X (32), Y (32); 65 bytes.</summary>
    public byte[] PublicPoint() => throw new NotSupportedException();

    /// <summary>Signs <paramref name="message"/>; signature has 64 bytes.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => throw new NotSupportedException();

    /// <summary>Verifies with the 65-byte public point; false for anything malformed.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicPoint, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}

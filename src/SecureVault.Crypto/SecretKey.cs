using System;

namespace SecureVault.Crypto;

/// <summary>Key bytes that live in locked memory outside the garbage-collected heap and are wiped on dispose.</summary>
/// <remarks>Any thread may read; the owner disposes. Never a string, never logged; ToString names only the size.</remarks>
public sealed class SecretKey : IDisposable
{
    private SecretKey() => throw new NotSupportedException();

    /// <summary>Length of the key in bytes.</summary>
    public int Size => throw new NotSupportedException();

    /// <summary>The key's bytes, borrowed: valid until dispose. For AEAD construction, wrapping and derivation only.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public ReadOnlySpan<byte> Bytes => throw new NotSupportedException();

    /// <summary>A new random key of <paramref name="size"/> bytes (1 to 64).</summary>
    public static SecretKey Generate(int size) => throw new NotSupportedException();

    /// <summary>Copies <paramref name="bytes"/> (1 to 64); the caller wipes its own copy.</summary>
    public static SecretKey Import(ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}

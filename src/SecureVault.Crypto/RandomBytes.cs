using System;
using System.Security.Cryptography;

namespace SecureVault.Crypto;

/// <summary>Random bytes from the system generator, drawn in batches: a 12-byte nonce costs nanoseconds, not 2 microseconds.</summary>
/// <remarks>
/// Any thread: each has its own batch. Used bytes are wiped from the batch, so no nonce is handed out twice. For
/// nonces and identities: keys come from <see cref="SecretKey.Generate"/>, which never touches a batch.
/// </remarks>
public static class RandomBytes
{
    private const int BatchSize = 4096;
    private const int LargestFromBatch = 256;

    [ThreadStatic]
    private static Batch? _batch;

    /// <summary>Fills <paramref name="target"/> with fresh random bytes.</summary>
    public static void Fill(Span<byte> target)
    {
        if (target.Length > LargestFromBatch)
        {
            RandomNumberGenerator.Fill(target);
            return;
        }

        (_batch ??= new Batch()).Take(target);
    }

    private sealed class Batch
    {
        private readonly byte[] _bytes = new byte[BatchSize];
        private int _used = BatchSize;

        internal void Take(Span<byte> target)
        {
            if (BatchSize - _used < target.Length)
            {
                // Marked used until it is full: a generator that throws leaves nothing to hand out.
                _used = BatchSize;
                RandomNumberGenerator.Fill(_bytes);
                _used = 0;
            }

            Span<byte> fresh = _bytes.AsSpan(_used, target.Length);
            _used += target.Length;
            fresh.CopyTo(target);
            CryptographicOperations.ZeroMemory(fresh);
        }
    }
}

using System;
using System.Security.Cryptography;
using SecureVault.Crypto.Contexts;

namespace SecureVault.Crypto;

/// <summary>AES-SIV (RFC 5297) with a 64-byte key (AES-256 twice): deterministic authenticated encryption for names.</summary>
/// <remarks>
/// Any thread, concurrently. Output is 16-byte synthetic IV, then ciphertext of plain's length. Allocates nothing in
/// steady state. Deterministic: equal names with equal associated data give equal output, and nothing else is shown.
/// </remarks>
public sealed class SivKey : IDisposable
{
    /// <summary>Length of the synthetic IV in bytes.</summary>
    public const int IvSize = 16;

    // Our own copy; locked while a context is made from it and while it is wiped. A leaf.
    private readonly SecretKey _key;
    private readonly ContextSlots<SivContext> _contexts = new();

    private SivKey(SecretKey key) => _key = key;

    /// <summary>Binds a 64-byte key (32 and 48 also accepted, for the standard's vectors).</summary>
    /// <remarks>The key may be disposed afterwards.</remarks>
    public static SivKey Create(SecretKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Size is not (32 or 48 or 64))
        {
            throw new ArgumentException("An AES-SIV key has 32, 48 or 64 bytes.", nameof(key));
        }

        var bound = new SivKey(SecretKey.Import(key.Bytes));
        GC.KeepAlive(key);
        return bound;
    }

    /// <summary>sealed = IV (16) then ciphertext; its length is plain.Length + 16. One associated-data component.</summary>
    /// <exception cref="ArgumentException">A length is wrong, or plain overlaps anything but the ciphertext exactly.</exception>
    public void Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, Span<byte> @sealed)
    {
        if (@sealed.Length != plain.Length + IvSize)
        {
            throw new ArgumentException("Sealed text is 16 bytes longer than its plain text.");
        }

        CheckOverlap(plain, @sealed);
        SivContext context = Rent();
        try
        {
            Span<byte> iv = stackalloc byte[IvSize];
            context.Synthesize(associated, plain, iv);
            context.Stream(iv, plain, @sealed[IvSize..]);
            iv.CopyTo(@sealed);
        }
        finally
        {
            _contexts.Return(context);
        }
    }

    /// <summary>False when not authentic or shorter than 16; then <paramref name="plain"/> (sealed.Length - 16) is wiped.</summary>
    /// <exception cref="ArgumentException">plain has another length, or overlaps anything but the ciphertext exactly.</exception>
    public bool TryOpen(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> associated, Span<byte> plain)
    {
        if (@sealed.Length < IvSize)
        {
            CryptographicOperations.ZeroMemory(plain);
            return false;
        }

        if (plain.Length != @sealed.Length - IvSize)
        {
            throw new ArgumentException("Plain text is 16 bytes shorter than its sealed text.");
        }

        CheckOverlap(plain, @sealed);
        SivContext context = Rent();
        bool isAuthentic = false;
        try
        {
            Span<byte> expected = stackalloc byte[IvSize];
            context.Stream(@sealed[..IvSize], @sealed[IvSize..], plain);
            context.Synthesize(associated, plain, expected);
            isAuthentic = CryptographicOperations.FixedTimeEquals(expected, @sealed[..IvSize]);
        }
        finally
        {
            if (!isAuthentic)
            {
                CryptographicOperations.ZeroMemory(plain);
            }

            _contexts.Return(context);
        }

        return isAuthentic;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _contexts.Dispose();
        lock (_key)
        {
            _key.Dispose();
        }
    }

    private static void CheckOverlap(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> @sealed)
    {
        if (plain.Overlaps(@sealed, out int distance) && distance != -IvSize)
        {
            throw new ArgumentException("Plain and sealed text overlap partly.");
        }
    }

    private SivContext Rent() => _contexts.TryRent() ?? NewContext();

    private SivContext NewContext()
    {
        // Under the lock no Dispose wipes the key while it is read: a late caller gets an exception, never a wrong key.
        lock (_key)
        {
            return new SivContext(_key.Bytes);
        }
    }
}

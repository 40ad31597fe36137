using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading;
using SecureVault.Crypto.Memory;

namespace SecureVault.Crypto;

/// <summary>Key bytes that live in locked memory outside the garbage-collected heap and are wiped on dispose.</summary>
/// <remarks>
/// Any thread may read; the owner disposes. Never a string, never logged; ToString names only the size. A key that
/// nobody disposed is wiped by its finalizer, so a borrowed span needs its key kept reachable.
/// </remarks>
public sealed class SecretKey : IDisposable
{
    /// <summary>The longest key, in bytes.</summary>
    public const int MaxSize = SecretArena.SlotSize;

    private readonly nint _slot;
    private readonly int _size;
    private int _isDisposed;

    private SecretKey(int size)
    {
        _size = size;
        _slot = SecretArena.Take();
    }

    /// <summary>Wipes a key that nobody disposed.</summary>
    ~SecretKey() => Wipe();

    /// <summary>Length of the key in bytes.</summary>
    public int Size => _size;

    /// <summary>True when the key's page is locked in memory; false when the system's limit was reached.</summary>
    public bool IsLocked => SecretArena.IsLocked(_slot);

    /// <summary>The key's bytes, borrowed: valid until dispose. For AEAD construction, wrapping and derivation only.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public ReadOnlySpan<byte> Bytes => Writable;

    private Span<byte> Writable
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
            return SecretArena.Bytes(_slot, _size);
        }
    }

    /// <summary>A new random key of <paramref name="size"/> bytes (1 to 64).</summary>
    public static SecretKey Generate(int size) => Create(size, static bytes => RandomNumberGenerator.Fill(bytes));

    /// <summary>Copies <paramref name="bytes"/> (1 to 64); the caller wipes its own copy.</summary>
    public static SecretKey Import(ReadOnlySpan<byte> bytes)
    {
        SecretKey key = Allocate(bytes.Length);
        bytes.CopyTo(key.Writable);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Wipe();
        GC.SuppressFinalize(this);
    }

    /// <summary>The size only: a key is never text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"secret key of {_size} bytes");

    /// <summary>A key whose bytes <paramref name="fill"/> writes in place, so that no other copy of them is made.</summary>
    internal static SecretKey Create(int size, Filling fill)
    {
        SecretKey key = Allocate(size);
        try
        {
            fill(key.Writable);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static SecretKey Allocate(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        return new SecretKey(size);
    }

    private void Wipe()
    {
        // The slot is 0 only in the finalizer of a key whose constructor found no memory.
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0 && _slot != 0)
        {
            SecretArena.Return(_slot);
        }
    }

    /// <summary>Writes all bytes of a new key.</summary>
    internal delegate void Filling(Span<byte> bytes);
}

using System;
using System.Threading;

namespace SecureVault.Crypto.Contexts;

/// <summary>Keeps the contexts of one key that are not in use: each serves one thread at a time, and making one is slow.</summary>
/// <remarks>
/// Any thread, without a lock. As many contexts exist as threads use the key at once; the first four are kept.
/// Renting and returning allocate nothing. After dispose a context in use ends when it is returned.
/// </remarks>
internal sealed class ContextSlots<TContext> : IDisposable
    where TContext : class, IDisposable
{
    private const int Kept = 4;

    private readonly TContext?[] _idle = new TContext?[Kept];
    private volatile bool _isDisposed;

    /// <summary>An idle context, or null: then the caller makes one.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    internal TContext? TryRent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (int i = 0; i < Kept; i++)
        {
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } context)
            {
                return context;
            }
        }

        return null;
    }

    /// <summary>Gives back a context that no thread uses any more.</summary>
    internal void Return(TContext context)
    {
        for (int i = 0; i < Kept; i++)
        {
            if (_idle[i] is null && Interlocked.CompareExchange(ref _idle[i], context, null) is null)
            {
                // Dispose may have passed this slot already.
                if (_isDisposed)
                {
                    Interlocked.Exchange(ref _idle[i], null)?.Dispose();
                }

                return;
            }
        }

        context.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        for (int i = 0; i < Kept; i++)
        {
            Interlocked.Exchange(ref _idle[i], null)?.Dispose();
        }
    }
}

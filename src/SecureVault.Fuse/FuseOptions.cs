using System;

namespace SecureVault.Fuse;

/// <summary>How the kernel fills a listing's attributes.</summary>
public enum ListingMode : byte
{
    /// <summary>Every listing brings attributes: best for those who list and stat.</summary>
    WithAttributes,

    /// <summary>The kernel brings attributes while it sees that they are used.</summary>
    Adaptive,

    /// <summary>Names only.</summary>
    NamesOnly,
}

/// <summary>How a drive is mounted and cached. The defaults fit a vault whose only writer is this drive.</summary>
public sealed class FuseOptions
{
    /// <summary>How long the kernel believes a name. Zero or more.</summary>
    public TimeSpan EntryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the kernel believes attributes. Zero or more.</summary>
    public TimeSpan AttributeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the kernel believes that a name does not exist. Zero: it asks each time.</summary>
    public TimeSpan NegativeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Threads that serve requests, 1..64; 0 = twice the processors, at least 4 and at most 16.</summary>
    public int Threads { get; init; }

    /// <summary>Threads, with 0 resolved.</summary>
    internal int ThreadCount => Threads != 0 ? Threads : Math.Clamp(2 * Environment.ProcessorCount, 4, 16);

    /// <summary>Largest read or write in one request, in bytes: 4096..1048576, a multiple of 4096.</summary>
    public int MaxRequestBytes { get; init; } = 1 << 20;

    /// <summary>Read-ahead to ask for, in bytes; takes effect when mounted as root. More than the default measures slower (PROTOCOL.md).</summary>
    public int ReadAheadBytes { get; init; } = 256 << 10;

    /// <summary>Serve every user (only root may ask for it; POSIX bits are checked by the kernel). False: the mounting user alone.</summary>
    public bool AllowOthers { get; init; }

    /// <summary>Mounts read-only: the kernel refuses every change.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Lets the kernel keep listings until the folder changes.</summary>
    public bool CacheListings { get; init; } = true;

    /// <summary>What a listing brings.</summary>
    public ListingMode Listing { get; init; } = ListingMode.WithAttributes;

    /// <summary>Offers POSIX access control lists where the store can keep them, at a request for many a walk through the drive (PROTOCOL.md). Without, what is stored of them is not shown and not enforced.</summary>
    public bool AccessLists { get; init; }

    /// <summary>The source shown by mount and df; no comma, no NUL, no backslash.</summary>
    public string Source { get; init; } = "securevault";

    /// <summary>Throws when a value is outside its range: a bug of the caller.</summary>
    internal void ThrowIfOutOfRange()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(EntryTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(AttributeTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(NegativeTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestBytes, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRequestBytes, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNotEqual(MaxRequestBytes % 4096, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(ReadAheadBytes);
        if (Source.Length == 0 || Source.AsSpan().ContainsAny(',', '\\', '\0'))
        {
            throw new ArgumentException("The source is empty or holds a comma, a backslash or a NUL.", nameof(Source));
        }
    }
}

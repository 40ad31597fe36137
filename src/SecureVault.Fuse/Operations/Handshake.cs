using System;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Operations;

/// <summary>How the kernel's INIT is to be answered.</summary>
internal enum HandshakeResult : byte
{
    /// <summary>Agreed.</summary>
    Agreed,

    /// <summary>The kernel speaks a newer major version: it is told ours and sends another INIT.</summary>
    OfferedOurMajor,

    /// <summary>The kernel is too old.</summary>
    Refused,
}

/// <summary>Version and flags: a pure function from fuse_init_in to fuse_init_out.</summary>
internal static class Handshake
{
    /// <summary>Linux 5.4 of 2019: below it structs are shorter.</summary>
    public const uint OldestMinor = 31;

    private const int PageSize = 4096;

    /// <summary>Pages of a request on a kernel that does not negotiate them.</summary>
    private const int UnnegotiatedPages = 32;

    /// <summary>Asynchronous requests the kernel may have under way (read-ahead, releases) before it waits.</summary>
    private const int MaxBackground = 64;

    private const fuse_init_flags Always =
        fuse_init_flags.FUSE_ASYNC_READ
        | fuse_init_flags.FUSE_ATOMIC_O_TRUNC
        | fuse_init_flags.FUSE_BIG_WRITES
        | fuse_init_flags.FUSE_PARALLEL_DIROPS
        | fuse_init_flags.FUSE_MAX_PAGES
        | fuse_init_flags.FUSE_CACHE_SYMLINKS
        | fuse_init_flags.FUSE_HANDLE_KILLPRIV_V2
        | fuse_init_flags.FUSE_SETXATTR_EXT
        | fuse_init_flags.FUSE_INIT_EXT
        | fuse_init_flags.FUSE_DIRECT_IO_ALLOW_MMAP
        | fuse_init_flags.FUSE_NO_EXPORT_SUPPORT;

    // The umask then comes with each creation, for a folder's default list takes its place.
    private const fuse_init_flags AccessLists = fuse_init_flags.FUSE_POSIX_ACL | fuse_init_flags.FUSE_DONT_MASK;

    /// <param name="accessLists">Whether the drive keeps access control lists.</param>
    public static HandshakeResult Answer(in fuse_init_in input, FuseOptions options, bool accessLists, out fuse_init_out output, out NegotiatedProtocol? protocol)
    {
        output = new fuse_init_out { major = fuse_kernel.FUSE_KERNEL_VERSION, minor = fuse_kernel.FUSE_KERNEL_MINOR_VERSION };
        protocol = null;
        if (input.major > fuse_kernel.FUSE_KERNEL_VERSION)
        {
            return HandshakeResult.OfferedOurMajor;
        }

        if (input.major < fuse_kernel.FUSE_KERNEL_VERSION || input.minor < OldestMinor)
        {
            return HandshakeResult.Refused;
        }

        fuse_init_flags flags = (Wanted(options) | (accessLists ? AccessLists : fuse_init_flags.None)) & Offered(input);
        int pages = (flags & fuse_init_flags.FUSE_MAX_PAGES) != 0 ? options.MaxRequestBytes / PageSize : UnnegotiatedPages;
        int largest = Math.Min(options.MaxRequestBytes, pages * PageSize);
        protocol = new NegotiatedProtocol(Math.Min(input.minor, fuse_kernel.FUSE_KERNEL_MINOR_VERSION), flags, largest);
        output.minor = protocol.Minor;
        output.max_readahead = Math.Max(input.max_readahead, (uint)options.ReadAheadBytes);
        output.flags = (uint)((ulong)flags & uint.MaxValue);
        output.flags2 = (uint)((ulong)flags >> 32);
        output.max_background = MaxBackground;
        output.congestion_threshold = MaxBackground * 3 / 4;
        output.max_write = (uint)largest;
        output.time_gran = 1;
        output.max_pages = (ushort)pages;
        return HandshakeResult.Agreed;
    }

    private static fuse_init_flags Wanted(FuseOptions options) => Always | options.Listing switch
    {
        ListingMode.WithAttributes => fuse_init_flags.FUSE_DO_READDIRPLUS,
        ListingMode.Adaptive => fuse_init_flags.FUSE_DO_READDIRPLUS | fuse_init_flags.FUSE_READDIRPLUS_AUTO,
        _ => fuse_init_flags.None,
    };

    private static fuse_init_flags Offered(in fuse_init_in input)
    {
        ulong low = input.flags;
        ulong high = (low & (ulong)fuse_init_flags.FUSE_INIT_EXT) != 0 ? (ulong)input.flags2 << 32 : 0;
        return (fuse_init_flags)(low | high);
    }
}

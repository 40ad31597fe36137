using System;
using SecureVault.Crypto.Native;

namespace SecureVault.Crypto.Memory;

/// <summary>Asks the system for pages that hold secrets: outside the collected heap, locked, left out of core dumps.</summary>
/// <remarks>
/// On Linux a region lies between two pages that nothing may touch, so that running off its end is a crash and not a
/// leak; a forked child sees zeros. Pages are never given back: slots in them are reused until the process ends.
/// </remarks>
internal static class NativePages
{
    // A multiple of the page size of every machine: 4, 16 or 64 KiB.
    private const int GuardSize = 64 * 1024;

    /// <summary>Maps <paramref name="size"/> zeroed bytes, a multiple of 64 KiB.</summary>
    /// <param name="size">Bytes to map.</param>
    /// <param name="isLocked">False when the system's limit on locked memory is reached: the pages may be swapped out.</param>
    /// <exception cref="InsufficientMemoryException">The system has no memory to give.</exception>
    internal static nint Map(int size, out bool isLocked) =>
        OperatingSystem.IsWindows() ? MapWindows(size, out isLocked) : MapUnix(size, out isLocked);

    private static nint MapWindows(int size, out bool isLocked)
    {
        nint pages = Kernel32.VirtualAlloc(0, (nuint)size, Kernel32.MEM_COMMIT_RESERVE, Kernel32.PAGE_READWRITE);
        if (pages == 0)
        {
            throw new InsufficientMemoryException("The system gave no memory for keys.");
        }

        isLocked = Kernel32.VirtualLock(pages, (nuint)size) != 0;
        return pages;
    }

    private static nint MapUnix(int size, out bool isLocked)
    {
        int flags = OperatingSystem.IsLinux() ? Libc.MAP_PRIVATE_ANONYMOUS_LINUX : Libc.MAP_PRIVATE_ANONYMOUS_BSD;
        nint start = Libc.mmap(0, (nuint)(size + 2 * GuardSize), Libc.PROT_NONE, flags, -1, 0);
        if (start == -1 || Libc.mprotect(start + GuardSize, (nuint)size, Libc.PROT_READ_WRITE) != 0)
        {
            throw new InsufficientMemoryException("The system gave no memory for keys.");
        }

        nint pages = start + GuardSize;
        isLocked = Libc.mlock(pages, (nuint)size) == 0;
        if (OperatingSystem.IsLinux())
        {
            // Both are refinements that an old kernel may not know: without them the keys are no less correct.
            _ = Libc.madvise(pages, (nuint)size, Libc.MADV_DONTDUMP);
            _ = Libc.madvise(pages, (nuint)size, Libc.MADV_WIPEONFORK);
        }

        return pages;
    }
}

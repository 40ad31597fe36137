using System.Runtime.InteropServices;

namespace SecureVault.Crypto.Native;

/// <summary>The memory calls of the C library, with the kernel's own names and numbers.</summary>
internal static partial class Libc
{
    internal const int PROT_NONE = 0;
    internal const int PROT_READ_WRITE = 3;
    internal const int MAP_PRIVATE_ANONYMOUS_LINUX = 0x22;
    internal const int MAP_PRIVATE_ANONYMOUS_BSD = 0x1002;
    internal const int MADV_DONTDUMP = 16;
    internal const int MADV_WIPEONFORK = 18;

    [LibraryImport("libc")]
    internal static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    internal static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc")]
    internal static partial int mlock(nint address, nuint length);

    [LibraryImport("libc")]
    internal static partial int madvise(nint address, nuint length, int advice);
}

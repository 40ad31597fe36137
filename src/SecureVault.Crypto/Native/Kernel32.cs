using System.Runtime.InteropServices;

namespace SecureVault.Crypto.Native;

/// <summary>The memory calls of Windows, with its own names and numbers.</summary>
internal static partial class Kernel32
{
    internal const uint MEM_COMMIT_RESERVE = 0x3000;
    internal const uint PAGE_READWRITE = 4;

    [LibraryImport("kernel32")]
    internal static partial nint VirtualAlloc(nint address, nuint size, uint allocation, uint protection);

    [LibraryImport("kernel32")]
    internal static partial int VirtualLock(nint address, nuint size);
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;

namespace SecureVault.Storage.Windows.Native;

/// <summary>kernel32.dll, for what Wine has only there: its NtLockFile knows no I/O status. Each sets the last P/Invoke error where it fails.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Kernel32
{
    internal const uint LOCKFILE_FAIL_IMMEDIATELY = 1;
    internal const uint LOCKFILE_EXCLUSIVE_LOCK = 2;
    internal const int ERROR_LOCK_VIOLATION = 33;
    internal const int ERROR_IO_PENDING = 997;

    [LibraryImport("kernel32.dll", SetLastError = true)]
    internal static partial int LockFileEx(StoreHandle file, uint flags, uint reserved, uint lengthLow, uint lengthHigh, NativeOverlapped* where);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    internal static partial int UnlockFileEx(StoreHandle file, uint reserved, uint lengthLow, uint lengthHigh, NativeOverlapped* where);
}

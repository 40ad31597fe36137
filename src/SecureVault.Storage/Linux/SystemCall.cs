using System.Runtime.InteropServices;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>What a system call's answer means.</summary>
internal static class SystemCall
{
    internal static int LastError => Marshal.GetLastPInvokeError();

    internal static VaultStatus LastStatus => Errno.ToStatus(LastError);

    /// <summary>True when the call was interrupted by a signal and is to be made again.</summary>
    internal static bool Again(long result) => result < 0 && LastError == Errno.EINTR;

    internal static VaultStatus Status(long result) => result < 0 ? LastStatus : VaultStatus.Ok;
}

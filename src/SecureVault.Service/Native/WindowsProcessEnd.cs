using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SecureVault.Service.Native;

/// <summary>The end of a process by a handle to it.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProcessEnd : IProcessEnd
{
    private readonly SafeProcessHandle _process;

    private WindowsProcessEnd(SafeProcessHandle process) => _process = process;

    /// <summary>Takes hold of the process; null when it has ended already. IOException when it may not be waited for.</summary>
    public static WindowsProcessEnd? Of(int pid)
    {
        SafeProcessHandle process = Kernel32.OpenProcess(Kernel32.SYNCHRONIZE, inherit: false, pid);
        if (!process.IsInvalid)
        {
            return new WindowsProcessEnd(process);
        }

        int error = Marshal.GetLastPInvokeError();
        process.Dispose();
        return error == Kernel32.ERROR_INVALID_PARAMETER ? null : throw new IOException($"process {pid}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public bool Wait(TimeSpan patience, TimeProvider clock) =>
        Kernel32.WaitForSingleObject(_process, (uint)Math.Clamp(patience.TotalMilliseconds, 0, int.MaxValue)) == Kernel32.WAIT_OBJECT_0;

    public void Dispose() => _process.Dispose();
}

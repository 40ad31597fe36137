using System.Collections.Generic;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;
using SecureVault.Terms;

namespace SecureVault.Service.Callers;

/// <summary>What Windows knows of a caller: its program. Users and groups come as security identifiers with each open, from the caller's own token.</summary>
/// <remarks>Any thread.</remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsCallerDirectory : ICallerDirectory
{
    private const int LongestPath = 32 * 1024;

    /// <summary>None: Windows has no group numbers.</summary>
    public IReadOnlyList<uint> GroupsOf(uint uid, uint gid) => [];

    /// <summary>Path of the program; empty when the process is gone, the system's own (0 and 4), or may not be asked.</summary>
    public unsafe string ExecutableOf(int pid)
    {
        if (pid <= 0)
        {
            return "";
        }

        using SafeProcessHandle process = Kernel32.OpenProcess(Kernel32.PROCESS_QUERY_LIMITED_INFORMATION, inherit: false, pid);
        if (process.IsInvalid)
        {
            return "";
        }

        char[] name = new char[LongestPath];
        uint length = LongestPath;
        fixed (char* characters = name)
        {
            return Kernel32.QueryFullProcessImageName(process, 0, characters, ref length) ? new string(name, 0, (int)length) : "";
        }
    }
}

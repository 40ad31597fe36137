using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SecureVault.Dokan.Native;

/// <summary>The program of a process, asked while the process waits for its Create: its number cannot be another's meanwhile.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class ProcessImage
{
    private const uint PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
    private const int LongestPath = 32_768;

    /// <summary>Its path, or empty when it may not be asked (a protected process, the system itself).</summary>
    public static string PathOf(int pid)
    {
        nint process = pid > 0 ? OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, (uint)pid) : 0;
        if (process == 0)
        {
            return "";
        }

        try
        {
            Span<char> path = stackalloc char[512];
            uint length = (uint)path.Length;
            if (Ask(process, path, ref length))
            {
                return new string(path[..(int)length]);
            }

            char[] longer = new char[LongestPath];
            length = LongestPath;
            return Ask(process, longer, ref length) ? new string(longer, 0, (int)length) : "";
        }
        finally
        {
            _ = CloseHandle(process);
        }
    }

    private static bool Ask(nint process, Span<char> path, ref uint length)
    {
        fixed (char* start = path)
        {
            return QueryFullProcessImageNameW(process, 0, start, ref length) != 0;
        }
    }

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint OpenProcess(uint access, int inherit, uint pid);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int QueryFullProcessImageNameW(nint process, uint flags, char* path, ref uint length);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int CloseHandle(nint handle);
}

using System;
using System.Runtime.InteropServices;
using SecureVault.Service.Native;

namespace SecureVault.Service.Kernels;

/// <summary>Paths with every link resolved.</summary>
internal static unsafe class RealPath
{
    /// <summary>The real path; null with the error number when the path does not lead anywhere.</summary>
    public static string? Of(string path, out int error)
    {
        byte* real = Libc.realpath(path, null);
        error = real == null ? Marshal.GetLastPInvokeError() : 0;
        if (real == null)
        {
            return null;
        }

        string? text = Marshal.PtrToStringUTF8((nint)real);
        Libc.free(real);
        return text;
    }

    /// <summary>True when the path is the folder or lies in it; both real.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);
}

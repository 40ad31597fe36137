using System.ComponentModel;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Native;

namespace SecureVault.Fuse.Mount;

/// <summary>What both ways of mounting need to know.</summary>
internal sealed record MountRequest(string MountPoint, string Source, bool AllowOthers, bool ReadOnly, int MaxReadBytes)
{
    public const string Type = "fuse.securevault";
    public const string Subtype = "securevault";
    public const string Device = "/dev/fuse";

    /// <summary>The last failed C call's errno as the system's words.</summary>
    public static string LastError() => ErrorText(Marshal.GetLastPInvokeError());

    public static string ErrorText(int errno) => new Win32Exception(errno).Message;

    /// <summary>True when this process may call mount(2).</summary>
    public static bool IsRoot => LibC.geteuid() == 0;
}

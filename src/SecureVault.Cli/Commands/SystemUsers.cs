using System.Runtime.InteropServices;

namespace SecureVault.Cli.Commands;

/// <summary>The machine's user database, by name.</summary>
internal static unsafe partial class SystemUsers
{
    /// <summary>The uid of a user of this machine; false where there is none or the system has no uids.</summary>
    public static bool TryFind(string name, out uint? uid)
    {
        Account* account = System.OperatingSystem.IsLinux() ? getpwnam(name) : null;
        uid = account is null ? null : account->Uid;
        return account is not null;
    }

    /// <summary>Not safe to call from several threads; the command line has one.</summary>
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Style", "IDE1006", Justification = "The C library's own name.")]
    private static partial Account* getpwnam(string name);

    [StructLayout(LayoutKind.Sequential)]
    private struct Account
    {
        public byte* Name;
        public byte* Password;
        public uint Uid;
        public uint Gid;
    }
}

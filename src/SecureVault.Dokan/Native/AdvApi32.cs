using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SecureVault.Dokan.Native;

/// <summary>TOKEN_STATISTICS of winnt.h, 56 bytes; numbers of 8 bytes aligned to 4.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct TOKEN_STATISTICS
{
    public ulong TokenId;
    public ulong AuthenticationId;
    public long ExpirationTime;
    public int TokenType;
    public int ImpersonationLevel;
    public uint DynamicCharged;
    public uint DynamicAvailable;
    public uint GroupCount;
    public uint PrivilegeCount;
    public ulong ModifiedId;
}

/// <summary>What of a token is asked of Windows directly (securitybaseapi.h).</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class AdvApi32
{
    internal const int TokenStatistics = 10;

    /// <summary>TOKEN_TYPE.</summary>
    internal const int TokenPrimary = 1;

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetTokenInformation(SafeAccessTokenHandle token, int what, void* information, uint size, out uint needed);
}

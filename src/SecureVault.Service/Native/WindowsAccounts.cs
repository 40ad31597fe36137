using System.Runtime.Versioning;
using System.Security.Principal;

namespace SecureVault.Service.Native;

/// <summary>Accounts of this machine and its domain.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsAccounts
{
    private const int LargestSid = 68, LongestDomain = 256;

    /// <summary>Security identifier of the user of this name (alice, or DOMAIN\alice); null when there is none, or the name is a group's. May ask a domain controller.</summary>
    public static string? FindUser(string name)
    {
        byte* sid = stackalloc byte[LargestSid];
        char* domain = stackalloc char[LongestDomain];
        uint sidLength = LargestSid, domainLength = LongestDomain;
        bool found = Kernel32.LookupAccountName(null, name, sid, ref sidLength, domain, ref domainLength, out int kind);
        return found && kind == Kernel32.SidTypeUser ? new SecurityIdentifier((nint)sid).Value : null;
    }
}

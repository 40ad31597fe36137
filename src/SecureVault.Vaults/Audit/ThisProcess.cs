using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Principal;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage.Windows;

namespace SecureVault.Vaults.Audit;

/// <summary>Who runs this command: what its own audit records say.</summary>
internal static partial class ThisProcess
{
    /// <summary>Set by programs that make a user root: the number of who asked for it.</summary>
    private static readonly string[] Claims = ["SUDO_UID", "PKEXEC_UID"];

    public static uint? Uid => OperatingSystem.IsLinux() ? EffectiveUser() : null;

    /// <summary>Changes at each start of the machine; empty where the system does not tell.</summary>
    public static string BootId()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
                : OperatingSystem.IsWindows() ? WindowsBoot.Read()
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>A record of something this command does.</summary>
    /// <param name="policy">Knows the user's name; null where there is none yet.</param>
    public static AuditRecord Record(TimeProvider clock, AuditEvent what, string path, string label, ulong policyVersion, string detail, PolicyDocument? policy)
    {
        string? sid = OperatingSystem.IsWindows() ? OwnSid() : null;
        string known = policy?.NameOf(Uid, sid) ?? "";
        string user = known.Length > 0 ? known : sid ?? "";
        string account = OperatingSystem.IsWindows() ? $@"{Environment.UserDomainName}\{Environment.UserName}" : Environment.UserName;
        uint? claimed = ClaimedUid(Uid, Environment.GetEnvironmentVariable);
        return new AuditRecord(clock.GetUtcNow(), what, what != AuditEvent.IntegrityFailure, "", user, Uid, Environment.ProcessId, Environment.ProcessPath ?? "", label, path, policyVersion, detail)
        {
            Account = account == user ? "" : account,
            ClaimedUid = claimed,
            ClaimedUser = claimed is null ? "" : policy?.NameOf(claimed, null) is { Length: > 0 } name ? name : Environment.GetEnvironmentVariable("SUDO_USER") ?? "",
        };
    }

    /// <summary>The number of the person who is said to have become root; null for anybody else, and when nothing is said.</summary>
    internal static uint? ClaimedUid(uint? uid, Func<string, string?> variable)
    {
        foreach (string claim in uid == 0 ? Claims : [])
        {
            if (uint.TryParse(variable(claim), NumberStyles.None, CultureInfo.InvariantCulture, out uint person) && person is > 0 and < uint.MaxValue)
            {
                return person;
            }
        }

        return null;
    }

    [SupportedOSPlatform("windows")]
    private static string? OwnSid()
    {
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        return self.User?.Value;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}

using System;
using System.IO;
using System.Runtime.InteropServices;
using SecureVault.Policy.Audit;
using SecureVault.Storage.Windows;

namespace SecureVault.Vaults.Audit;

/// <summary>Who runs this command: what its own audit records say.</summary>
internal static partial class ThisProcess
{
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
    public static AuditRecord Record(TimeProvider clock, AuditEvent what, string path, string label, ulong policyVersion, string detail) =>
        new(clock.GetUtcNow(), what, what != AuditEvent.IntegrityFailure, "", Environment.UserName, Uid, Environment.ProcessId, Environment.ProcessPath ?? "", label, path, policyVersion, detail);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}

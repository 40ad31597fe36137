using System;
using System.Collections.Generic;

namespace SecureVault.Policy.Audit;

/// <summary>The names of the events, in the log and on the command line.</summary>
public static class AuditEventName
{
    private static readonly string[] Names =
        ["", "open", "create", "delete", "rename", "relabel", "policy-change", "mount", "unmount", "integrity-failure", "change", "link", "recovery", "restore", "adopt"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All => Names[1..];

    /// <summary>"open", "policy-change" and so on.</summary>
    public static string Of(AuditEvent auditEvent) => (int)auditEvent is > 0 and var number && number < Names.Length
        ? Names[number]
        : throw new ArgumentOutOfRangeException(nameof(auditEvent), auditEvent, "No such event.");

    /// <summary>False when there is no event of that name.</summary>
    public static bool TryParse(string name, out AuditEvent auditEvent)
    {
        int number = Array.IndexOf(Names, name, 1);
        auditEvent = (AuditEvent)Math.Max(number, 0);
        return number > 0;
    }
}

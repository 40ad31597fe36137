using System;
using System.Collections.Generic;
using System.Linq;

namespace SecureVault.Policy;

/// <summary>The words for the policy's choices, in documents, in the audit log and on the command line.</summary>
public static class Spelling
{
    /// <summary>"denied", "read-only" or "plaintext".</summary>
    public static string Of(AccessMode mode) => mode switch
    {
        AccessMode.Plaintext => "plaintext",
        AccessMode.ReadOnly => "read-only",
        _ => "denied",
    };

    /// <summary>"mandatory", "optional" or "read-only".</summary>
    public static string Of(EncryptionMode mode) => mode switch
    {
        EncryptionMode.Optional => "optional",
        EncryptionMode.ReadOnly => "read-only",
        _ => "mandatory",
    };

    /// <summary>The mode of a grant: "plaintext" or "read-only"; false for anything else.</summary>
    public static bool TryMode(string text, out AccessMode mode)
    {
        mode = text switch { "plaintext" => AccessMode.Plaintext, "read-only" => AccessMode.ReadOnly, _ => AccessMode.Denied };
        return mode != AccessMode.Denied;
    }

    /// <summary>"mandatory", "optional" or "read-only"; false for anything else.</summary>
    public static bool TryEncryption(string text, out EncryptionMode mode)
    {
        (mode, bool known) = text switch
        {
            "mandatory" => (EncryptionMode.Mandatory, true),
            "optional" => (EncryptionMode.Optional, true),
            "read-only" => (EncryptionMode.ReadOnly, true),
            _ => (EncryptionMode.Mandatory, false),
        };
        return known;
    }

    /// <summary>"all", "user", "department" or "host".</summary>
    public static string Of(LockKind kind) => kind switch
    {
        LockKind.User => "user",
        LockKind.Department => "department",
        LockKind.Host => "host",
        _ => "all",
    };

    /// <summary>As Of gives it; false for anything else.</summary>
    public static bool TryLockKind(string text, out LockKind kind) => TryWord(text, Of, [LockKind.All, LockKind.User, LockKind.Department, LockKind.Host], out kind);

    /// <summary>"all", "changes" or "denials".</summary>
    public static string Of(AuditExtent extent) => extent switch
    {
        AuditExtent.Changes => "changes",
        AuditExtent.Denials => "denials",
        _ => "all",
    };

    /// <summary>As Of gives it; false for anything else.</summary>
    public static bool TryExtent(string text, out AuditExtent extent) => TryWord(text, Of, [AuditExtent.All, AuditExtent.Changes, AuditExtent.Denials], out extent);

    /// <summary>"read", "write", "list", "create", "rename", "delete" or "relabel".</summary>
    public static string Of(AccessAction action) => action switch
    {
        AccessAction.Write => "write",
        AccessAction.List => "list",
        AccessAction.Create => "create",
        AccessAction.Rename => "rename",
        AccessAction.Delete => "delete",
        AccessAction.Relabel => "relabel",
        _ => "read",
    };

    /// <summary>Every action, in the order in which documents list them.</summary>
    public static IReadOnlyList<AccessAction> Actions { get; } =
        [AccessAction.Read, AccessAction.Write, AccessAction.List, AccessAction.Create, AccessAction.Rename, AccessAction.Delete, AccessAction.Relabel];

    /// <summary>As Of gives it; false for anything else.</summary>
    public static bool TryAction(string text, out AccessAction action) => TryWord(text, Of, Actions, out action);

    private static bool TryWord<T>(string text, Func<T, string> spell, IReadOnlyList<T> known, out T value)
        where T : struct
    {
        value = known.FirstOrDefault(k => spell(k) == text);
        return spell(value) == text;
    }
}

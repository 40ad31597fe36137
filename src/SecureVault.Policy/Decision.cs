using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>Who asks: on Linux numbers from the kernel and group numbers from the system's user database, on Windows the SIDs of the token.</summary>
/// <param name="Uid">Null on Windows.</param>
/// <param name="Sid">The user's SID; looked at only where there is no uid.</param>
/// <param name="Gids">Group numbers.</param>
/// <param name="GroupSids">SIDs of the token's enabled groups, or null.</param>
public readonly record struct Subject(uint? Uid, string? Sid, IReadOnlyList<uint> Gids, IReadOnlyList<string>? GroupSids = null);

/// <summary>Why a decision came out as it did.</summary>
public enum DecisionReason : byte
{
    /// <summary>The object has no label: the policy does not speak of it.</summary>
    Unlabelled,

    /// <summary>A grant decided.</summary>
    Granted,

    /// <summary>No user of the policy has this identity, and no group of the policy has one of its group numbers or SIDs.</summary>
    UnknownUser,

    /// <summary>The user's own expiry has passed; groups do not help.</summary>
    UserExpired,

    /// <summary>No grant covers the label's department.</summary>
    NoGrantForDepartment,

    /// <summary>Grants cover the department, none reaches the level.</summary>
    LevelTooHigh,

    /// <summary>Grants cover department and level, none the compartment.</summary>
    CompartmentNotGranted,

    /// <summary>The only grants that match have expired.</summary>
    GrantExpired,

    /// <summary>The only grants that match ask for something that is not so, or cannot be told: another program, time, host or session.</summary>
    GrantConditions,

    /// <summary>A write was asked and the best grant is read-only.</summary>
    WriteNeedsPlaintext,

    /// <summary>The label's department or level is none of the policy's: nobody gets the object.</summary>
    UnknownLabel,

    /// <summary>A grant gives plaintext, but the user's encryption mode is read-only: they may read, never change.</summary>
    ReadOnlyEncryptionMode,

    /// <summary>The policy in force cannot be read, or is known to be older than the newest one: nobody gets what is labelled.</summary>
    PolicyNotCurrent,

    /// <summary>The user gets something only when something is so that is not, or cannot be told.</summary>
    UserConditions,

    /// <summary>A rule lowered what the grant gives.</summary>
    LoweredByRule,

    /// <summary>Nothing of this level is given out on this machine.</summary>
    LevelNotOnHost,

    /// <summary>An incident lock is on.</summary>
    Locked,
}

/// <summary>The outcome and its reason.</summary>
/// <param name="Allowed">True when the action asked for may go on.</param>
/// <param name="Mode">The best mode the subject has for this label, whatever was asked.</param>
/// <param name="Reason">The rule that decided.</param>
/// <param name="User">Policy name of the user, or empty when unknown.</param>
/// <param name="GrantedTo">User or group whose grant decided, or empty. With GrantExpired: whose grant has expired.</param>
/// <param name="Grant">The grant spelled as it is given on the command line, or empty.</param>
/// <param name="Encryption">The user's encryption mode; Mandatory when unknown.</param>
public readonly record struct Decision(bool Allowed, AccessMode Mode, DecisionReason Reason, string User, string GrantedTo, string Grant, EncryptionMode Encryption)
{
    /// <summary>The rule that lowered the mode the most, or the lock that is on; empty without one.</summary>
    public string Rule { get; init; } = "";

    /// <summary>What that rule or lock has to say to the user; empty when it says nothing.</summary>
    public string Say { get; init; } = "";

    /// <summary>A rule that applies wants somebody told.</summary>
    public bool Notify { get; init; }

    /// <summary>The rule does not apply to who gives a reason.</summary>
    public bool NeedsReason { get; init; }

    /// <summary>Refused by everything above, and let through because the department only observes.</summary>
    public bool Observed { get; init; }

    /// <summary>What the department wants recorded.</summary>
    public AuditExtent Audit { get; init; }
}

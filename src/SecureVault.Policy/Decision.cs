using System;
using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>Who asks: numbers from the kernel, group numbers from the system's user database.</summary>
public readonly record struct Subject(uint? Uid, string? Sid, IReadOnlyList<uint> Gids);

/// <summary>Why a decision came out as it did.</summary>
public enum DecisionReason : byte
{
    Unlabelled,
    Granted,
    UnknownUser,
    UserExpired,
    NoGrantForDepartment,
    LevelTooHigh,
    CompartmentNotGranted,
    GrantExpired,
    WriteNeedsPlaintext,
    UnknownLabel,
    ReadOnlyEncryptionMode,
}

/// <summary>The outcome and its reason.</summary>
/// <param name="Allowed">True when the action asked for may go on.</param>
/// <param name="Mode">The best mode the subject has for this label, whatever was asked.</param>
/// <param name="Reason">The rule that decided.</param>
/// <param name="User">Policy name of the user, or empty when unknown.</param>
/// <param name="GrantedTo">User or group whose grant decided, or empty.</param>
/// <param name="Grant">The grant spelled as it is given on the command line, or empty.</param>
/// <param name="Encryption">The user's encryption mode.</param>
public readonly record struct Decision(bool Allowed, AccessMode Mode, DecisionReason Reason, string User, string GrantedTo, string Grant, EncryptionMode Encryption);

/// <summary>The pure decision.</summary>
public static class PolicyDecision
{
    /// <summary>Decides one action of one subject on one label at one time. Any thread; no I/O; deterministic.</summary>
    public static Decision Decide(PolicyDocument policy, in Subject subject, Label label, AccessAction action, DateTimeOffset now, string? application) => throw new NotSupportedException();
}

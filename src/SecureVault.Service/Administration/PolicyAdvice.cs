using System;
using System.Globalization;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;

namespace SecureVault.Service.Administration;

/// <summary>Turns a decision into a sentence and into what to do about it.</summary>
internal static class PolicyAdvice
{
    /// <summary>The rule that decided, as a sentence without a full stop.</summary>
    public static string Reason(PolicyDocument policy, User user, Label label, in Decision decision) => decision.Reason switch
    {
        DecisionReason.Unlabelled => "the file has no label, so ordinary permissions alone decide",
        DecisionReason.Granted or DecisionReason.WriteNeedsPlaintext => Granted(user, decision, label),
        DecisionReason.ReadOnlyEncryptionMode => $"{Granted(user, decision, label)}, but {user.Name} may only read protected files (encryption mode read-only)",
        DecisionReason.UnknownUser => $"the policy knows no user with the identity of {user.Name}",
        DecisionReason.UserExpired => $"the account of {user.Name} expired on {Day(user.Expires)}",
        DecisionReason.NoGrantForDepartment => $"{user.Name} has no grant for department {label.Department}; {Held(policy, user)}",
        DecisionReason.LevelTooHigh => $"no grant of {user.Name} for {label.Department} reaches level {label.Level}; {Held(policy, user)}",
        DecisionReason.CompartmentNotGranted => Compartment(policy, user, label),
        DecisionReason.GrantExpired => $"the grant {decision.Grant} of {decision.GrantedTo} has expired",
        DecisionReason.PolicyNotCurrent => "the policy in force cannot be read, so nobody gets what is labelled",
        _ => $"the label {label} names a department or level that the policy no longer has",
    };

    /// <summary>What to do; empty when the user may do everything.</summary>
    public static string Advice(string vault, User user, Label label, in Decision decision)
    {
        string grant = $"securevault user grant {vault} {user.Name} {label}";
        return decision.Reason switch
        {
            DecisionReason.Unlabelled => "",
            DecisionReason.Granted or DecisionReason.WriteNeedsPlaintext => decision.Mode == AccessMode.Plaintext ? "" : $"to let {user.Name} write, an admin runs: {grant} --mode plaintext",
            DecisionReason.ReadOnlyEncryptionMode => $"to let {user.Name} write, an admin adds the user again with --encryption mandatory",
            DecisionReason.UserExpired => $"an admin removes the user and adds it again: securevault user remove {vault} {user.Name}",
            DecisionReason.PolicyNotCurrent => $"see what is wrong with it: securevault verify {vault}",
            DecisionReason.UnknownLabel => $"an admin adds the department again: securevault department add {vault} {label.Department}",
            _ => $"ask an admin: {grant}",
        };
    }

    private static string Granted(User user, in Decision decision, Label label)
    {
        string through = decision.GrantedTo == user.Name ? user.Name : $"{user.Name}, in group {decision.GrantedTo},";
        return $"{through} has {decision.Grant} ({Spelling.Of(decision.Mode)}), which covers {label}";
    }

    private static string Compartment(PolicyDocument policy, User user, Label label) => label.Compartment.Length == 0
        ? $"the grants of {user.Name} for {label.Department} are for compartments only, and this file is in none; {Held(policy, user)}"
        : $"no grant of {user.Name} is for compartment {label.Compartment}; {Held(policy, user)}";

    private static string Held(PolicyDocument policy, User user)
    {
        string[] own = [.. user.Grants.Select(g => g.Scope)];
        string[] shared = [.. policy.Groups.Where(g => g.Members.Contains(user.Name)).SelectMany(g => g.Grants.Select(r => $"{r.Scope} as {g.Name}"))];
        return own.Length + shared.Length == 0 ? $"{user.Name} has no grants" : $"{user.Name} has {string.Join(", ", own.Concat(shared))}";
    }

    private static string Day(DateTimeOffset? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}

using System;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Vaults;

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
        DecisionReason.UserExpired => $"the account of {user.Name} expired {Expiry.When(user.Expires)}",
        DecisionReason.NoGrantForDepartment => $"{user.Name} has no grant for department {label.Department}; {Held(policy, user)}",
        DecisionReason.LevelTooHigh => $"no grant of {user.Name} for {label.Department} reaches level {label.Level}; {Held(policy, user)}",
        DecisionReason.CompartmentNotGranted => Compartment(policy, user, label),
        DecisionReason.GrantExpired => $"the grant {decision.Grant} of {decision.GrantedTo} expired {Expiry.When(Named(policy, decision)?.Expires)}",
        DecisionReason.PolicyNotCurrent => "the policy in force cannot be read, so nobody gets what is labelled",
        DecisionReason.UserConditions => $"{user.Name} gets something only {user.When}, and that is not so here and now, or cannot be told from here",
        DecisionReason.GrantConditions => $"the grant {decision.Grant} of {decision.GrantedTo} holds only {Named(policy, decision)?.When}, and that is not so here and now, or cannot be told from here",
        DecisionReason.LoweredByRule => RuleAdvice.Reason(policy.FindRule(decision.Rule)!),
        DecisionReason.LevelNotOnHost => $"nothing of level {label.Level} is given out on this machine",
        DecisionReason.Locked => $"an incident lock is on ({decision.Rule}): {decision.Say}",
        _ => $"the policy no longer has the {Gone(policy, label)} of the label {label}",
    };

    /// <summary>What to do, ending in the one command line that does it; empty when the user may do everything.</summary>
    public static string Advice(string vault, PolicyDocument policy, User user, string path, Label label, in Decision decision) => decision.Reason switch
    {
        DecisionReason.Unlabelled => "",
        DecisionReason.Granted or DecisionReason.WriteNeedsPlaintext when decision.Mode == AccessMode.Plaintext => "",
        DecisionReason.Granted or DecisionReason.WriteNeedsPlaintext => $"to let {user.Name} write, an admin runs: {Command("user grant", vault, user.Name, label.ToString(), "--mode", "plaintext")}",
        DecisionReason.ReadOnlyEncryptionMode => $"to let {user.Name} write, an admin runs: {Command("user set", vault, user.Name, "--encryption", "mandatory")}",
        DecisionReason.UserExpired => $"an admin gives the account another end, for example 30 days from now: {Command("user set", vault, user.Name, "--expires", "30d")}",
        DecisionReason.GrantExpired => Again(vault, policy, decision),
        DecisionReason.PolicyNotCurrent => $"see what is wrong with it: {Command("verify", vault)}",
        DecisionReason.LoweredByRule => RuleAdvice.Cure(vault, policy.FindRule(decision.Rule)!),
        DecisionReason.LevelNotOnHost => "open it on another machine",
        DecisionReason.Locked => $"who locked may end it: {Command("incident unlock", vault)} {RuleAdvice.LockOptions(decision.Rule)} --because WHY",
        DecisionReason.UserConditions or DecisionReason.GrantConditions => "do it where and when the condition holds, or ask an admin to change it",
        DecisionReason.UnknownLabel => Known(vault, policy, path, label),
        _ => $"ask an admin: {Command("user grant", vault, user.Name, label.ToString())}",
    };

    /// <summary>A command line as it can be copied into a shell.</summary>
    public static string Command(string verb, params string[] words) => $"securevault {verb} {string.Join(' ', words.Select(ShellWord.Of))}";

    private static string Again(string vault, PolicyDocument policy, in Decision decision)
    {
        string kind = policy.FindUser(decision.GrantedTo) is null ? "group grant" : "user grant";
        string mode = Spelling.Of(Named(policy, decision)?.Mode ?? AccessMode.ReadOnly);
        return $"an admin gives the grant another end, for example 30 days from now: {Command(kind, vault, decision.GrantedTo, decision.Grant, "--mode", mode, "--expires", "30d")}";
    }

    /// <summary>A department can be added again by its name; a level that is gone has lost its rank, so what carries it is labelled anew, with the highest one until somebody says otherwise.</summary>
    private static string Known(string vault, PolicyDocument policy, string path, Label label)
    {
        if (policy.FindLevel(label.Level) is not null)
        {
            return $"an admin adds the department again: {Command("department add", vault, label.Department)}";
        }

        bool known = policy.Departments.Contains(label.Department, StringComparer.OrdinalIgnoreCase);
        string now = (label with { Level = policy.Levels[^1].Name }).ToString();
        return known
            ? $"an admin labels it anew, with the highest level or the one it should have: {Command("label set", vault, path, now)}"
            : $"an admin adds the department again, and then asks once more: {Command("department add", vault, label.Department)}";
    }

    private static string Gone(PolicyDocument policy, Label label)
    {
        bool level = policy.FindLevel(label.Level) is null;
        bool department = !policy.Departments.Contains(label.Department, StringComparer.OrdinalIgnoreCase);
        return level && department ? "department and the level" : level ? "level" : "department";
    }

    private static Grant? Named(PolicyDocument policy, in Decision decision)
    {
        string scope = decision.Grant;
        return (policy.FindUser(decision.GrantedTo)?.Grants ?? policy.FindGroup(decision.GrantedTo)?.Grants)?.FirstOrDefault(g => g.Scope == scope);
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
}

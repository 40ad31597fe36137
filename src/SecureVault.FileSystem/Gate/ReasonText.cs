using SecureVault.Policy;

namespace SecureVault.FileSystem.Gate;

/// <summary>Why a decision came out as it did, as records say it.</summary>
internal static class ReasonText
{
    public static string Of(in Decision decision) => decision.Reason switch
    {
        DecisionReason.UnknownUser => "the policy does not know this user",
        DecisionReason.UserExpired => "the user has expired",
        DecisionReason.UserConditions => "the user's conditions are not met",
        DecisionReason.NoGrantForDepartment => "no grant for this department",
        DecisionReason.LevelTooHigh => "the level is above every grant",
        DecisionReason.CompartmentNotGranted => "the compartment is not granted",
        DecisionReason.GrantExpired => "the grant has expired",
        DecisionReason.GrantConditions => $"the conditions of the grant {decision.Grant} are not met",
        DecisionReason.WriteNeedsPlaintext => "the grant is read-only",
        DecisionReason.UnknownLabel => "the policy does not know this label",
        DecisionReason.ReadOnlyEncryptionMode => "the user may only read protected files",
        DecisionReason.PolicyNotCurrent => "the policy in force cannot be read",
        DecisionReason.LoweredByRule => decision.Say.Length == 0 ? $"rule {decision.Rule}" : $"rule {decision.Rule}: {decision.Say}",
        DecisionReason.LevelNotOnHost => "nothing of this level is given out on this machine",
        DecisionReason.Locked => $"an incident lock is on ({decision.Rule}): {decision.Say}",
        _ => decision.Reason.ToString(),
    };
}

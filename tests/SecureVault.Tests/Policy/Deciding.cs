using System;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;

namespace SecureVault.Tests.Policy;

/// <summary>Decisions of which only who, what and when matter.</summary>
internal static class Deciding
{
    public static Decision Of(PolicyDocument policy, in Subject subject, Label label, AccessAction action, DateTimeOffset now) =>
        PolicyDecision.Decide(policy, new AccessRequest { Subject = subject, Label = label, Action = action, At = new Circumstances(now) });
}

using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.Tests.Policy;

public sealed class DecisionModelTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    internal static readonly string[] Departments = ["finance", "finance/treasury", "finance/treasury/fx", "finance2", "研发", "研发/硬件"];
    private static readonly string[] Compartments = ["", "", "customer-7", "customer-8"];

    [Fact]
    public void Decide_agrees_with_a_naive_model_on_random_policies()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var seen = new HashSet<(DecisionReason, AccessAction, bool)>();
        for (int round = 0; round < 150; round++)
        {
            PolicyDocument policy = RandomPolicy(random);
            Assert.True(PolicyDocument.TryParse(policy.ToJson(), out PolicyDocument? again), $"seed {seed}, round {round}");
            for (int i = 0; i < 150; i++)
            {
                var subject = RandomSubject(random);
                var label = RandomLabel(random, policy);
                var action = (AccessAction)random.Next(2);
                var now = Noon.AddSeconds(random.Next(-3, 4));
                var expected = NaiveDecision.Decide(policy, subject, label, action, now);
                if (random.Next(50) == 0)
                {
                    again = again!.Closed();
                }

                expected = again!.IsClosed && !label.IsNone ? (false, AccessMode.Denied, DecisionReason.PolicyNotCurrent) : expected;
                var decision = Deciding.Of(again, subject, label, action, now);
                Assert.True(expected == (decision.Allowed, decision.Mode, decision.Reason), $"seed {seed}, round {round}, case {i}: {expected} but {decision}, {subject.Uid} {label} {action}");
                seen.Add((decision.Reason, action, decision.Allowed));
            }
        }

        Assert.Equal(Enum.GetValues<DecisionReason>().Except(RuleModelTests.ReasonsOfRules).Order(), seen.Select(s => s.Item1).Distinct().Order());
    }

    internal static PolicyDocument RandomPolicy(Random random)
    {
        PolicyDocument policy = PolicyDocument.Initial();
        foreach (string department in Departments.Where(_ => random.Next(4) > 0))
        {
            policy = policy.AddDepartment(department).Policy ?? policy;
        }

        for (uint user = 0; user < 4; user++)
        {
            DateTimeOffset? expires = random.Next(4) == 0 ? Noon.AddSeconds(random.Next(-2, 3)) : null;
            policy = policy.AddUser($"user{user}", 1000 + user, $"S-1-5-21-{user}", expires, (EncryptionMode)random.Next(3)).Policy!;
        }

        for (uint group = 0; group < 3; group++)
        {
            policy = policy.AddGroup($"group{group}", random.Next(3) > 0 ? 50 + group : null, random.Next(2) > 0 ? $"S-1-5-21-77-{group}" : null).Policy!;
            policy = policy.AddMember($"group{group}", $"user{random.Next(4)}").Policy!;
        }

        int grants = random.Next(12);
        for (int i = 0; i < grants && policy.Departments.Count > 0; i++)
        {
            string compartment = random.Next(4) == 0 ? ":*" : Tail(Compartments[random.Next(4)]);
            string scope = $"{policy.Departments[random.Next(policy.Departments.Count)]}:{policy.Levels[random.Next(5)].Name}{compartment}";
            var mode = (AccessMode)random.Next(1, 3);
            DateTimeOffset? expires = random.Next(4) == 0 ? Noon.AddSeconds(random.Next(-2, 3)) : null;
            PolicyEdit edit = random.Next(2) == 0
                ? policy.GrantUser($"user{random.Next(4)}", scope, mode, expires)
                : policy.GrantGroup($"group{random.Next(3)}", scope, mode, expires);
            policy = edit.Policy!;
        }

        return policy;
    }

    internal static Subject RandomSubject(Random random)
    {
        uint number = (uint)random.Next(6);
        uint[] gids = [.. Enumerable.Range(0, random.Next(3)).Select(_ => (uint)(49 + random.Next(5)))];
        string[] sids = [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"S-1-5-21-77-{random.Next(4)}")];
        return random.Next(3) == 0 ? new Subject(null, $"S-1-5-21-{number}", gids, sids) : new Subject(1000 + number, null, gids, random.Next(2) == 0 ? sids : null);
    }

    internal static Label RandomLabel(Random random, PolicyDocument policy)
    {
        if (random.Next(20) == 0)
        {
            return Label.None;
        }

        Level level = policy.Levels[random.Next(5)];
        string name = random.Next(20) switch { 0 => "unheard-of", 1 => level.Aliases[0], 2 => level.Name.ToUpperInvariant(), _ => level.Name };
        return new Label(Departments[random.Next(Departments.Length)], name, Compartments[random.Next(4)]);
    }

    private static string Tail(string compartment) => compartment.Length == 0 ? "" : $":{compartment}";
}

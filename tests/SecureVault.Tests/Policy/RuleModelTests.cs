using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.Tests.Policy;

/// <summary>Rules, conditions, layers and locks of random policies against the naive model: 100,000 decisions.</summary>
public sealed class RuleModelTests(ITestOutputHelper output)
{
    private const int Policies = 500;
    private const int RequestsOfEach = 200;
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Paths = ["/", "/Payroll", "/Payroll/2026/may.xlsx", "/payroll/notes.txt", "/Clients/acme/contracts/a.docx", "/Clients/acme/b.docx", ""];
    private static readonly string[] Globs = ["/Payroll", "/Clients/*/contracts", "/**/*.xlsx", "/**/contracts/**", "/Clients/**/a.docx", "/", "/P?yroll/*"];
    private static readonly string[] Times = ["mon-fri 08:00-18:00 UTC", "fri 12:00-24:00 Asia/Shanghai", "sat-mon 22:00-06:00 UTC", "thu 22:00-13:00 UTC", "fri 09:00-17:00 Nowhere/Atall"];

    internal static DecisionReason[] ReasonsOfRules { get; } =
        [DecisionReason.GrantConditions, DecisionReason.UserConditions, DecisionReason.LoweredByRule, DecisionReason.LevelNotOnHost, DecisionReason.Locked];

    [Fact]
    public void Decide_agrees_with_the_naive_model_on_a_hundred_thousand_random_requests()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var seen = new HashSet<(DecisionReason, bool Allowed, bool Observed)>();
        for (int round = 0; round < Policies; round++)
        {
            PolicyDocument policy = RandomPolicy(random);
            Assert.True(PolicyDocument.TryParse(policy.ToJson(), out PolicyDocument? read), $"seed {seed}, round {round}");
            for (int i = 0; i < RequestsOfEach; i++)
            {
                NaiveRequest asked = RandomRequest(random, policy);
                var expected = NaiveRules.Decide(policy, asked);
                Decision decision = PolicyDecision.Decide(read!, new AccessRequest { Subject = asked.Subject, Label = asked.Label, Action = asked.Action, At = asked.At, Path = asked.Path });
                Assert.True(expected == (decision.Allowed, decision.Mode, decision.Reason, decision.Observed), $"seed {seed}, round {round}, case {i}: {expected} but {decision}; {asked}");
                seen.Add((decision.Reason, decision.Allowed, decision.Observed));
            }
        }

        Assert.Equal(Enum.GetValues<DecisionReason>().Except([DecisionReason.PolicyNotCurrent]).Order(), seen.Select(s => s.Item1).Distinct().Order());
        Assert.Contains((DecisionReason.LoweredByRule, true, false), seen);
        Assert.Contains((DecisionReason.LoweredByRule, false, false), seen);
        Assert.Contains((DecisionReason.LoweredByRule, true, true), seen);
    }

    internal static PolicyDocument RandomPolicy(Random random)
    {
        PolicyDocument policy = DecisionModelTests.RandomPolicy(random);
        for (byte program = 1; program < 4; program++)
        {
            policy = Made(policy.SetProgram(new TrustedProgram($"program{program}", [Digest(program)], [$"/usr/bin/program{program}"], program == 3 ? [Digest(9)] : [], [])));
        }

        policy = Made(policy.ChangeLevel("top-secret", l => l with { NotOnHosts = random.Next(3) == 0 ? ["pc2"] : [], Strict = random.Next(2) == 0 }));
        foreach (User user in policy.Users)
        {
            policy = random.Next(6) == 0 ? Made(policy.SetUserConditions(user.Name, RandomConditions(random))) : policy;
            foreach (Grant grant in user.Grants.Where(_ => random.Next(3) == 0))
            {
                policy = Made(policy.GrantUser(user.Name, grant.Scope, grant.Mode, grant.Expires, RandomConditions(random)));
            }
        }

        for (int i = random.Next(8); i > 0; i--)
        {
            policy = policy.SetRule(RandomRule(random, policy, i)).Policy ?? policy; // some are none: refused, and left out
        }

        foreach (string department in policy.Departments.Where(_ => random.Next(6) == 0))
        {
            bool? observes = random.Next(3) switch { 0 => true, 1 => false, _ => null };
            policy = Made(policy.ChangeLayer(department, l => l with { Observes = observes, ObservesUntil = observes == true ? Noon.AddSeconds(random.Next(-1, 3)) : null, Audit = AuditExtent.Changes }));
        }

        return random.Next(5) == 0 ? policy.Lock(RandomLock(random, policy)).Policy ?? policy : policy;
    }

    internal static NaiveRequest RandomRequest(Random random, PolicyDocument policy)
    {
        var program = new ProgramFacts(Digest((byte)random.Next(5)), Digest((byte)(random.Next(2) * 9)), random.Next(5) > 0);
        var at = new Circumstances(Noon.AddSeconds(random.Next(-3, 4)).AddHours(random.Next(3) == 0 ? random.Next(-80, 80) : 0))
        {
            Program = program,
            Host = random.Next(4) switch { 0 => null, 1 => "PC1", _ => "pc2" },
            Online = random.Next(3) switch { 0 => null, 1 => true, _ => false },
            Session = random.Next(4) switch { 0 => "", 1 => "console", 2 => "remote", _ => "service" },
            Reason = random.Next(3) == 0 ? "ticket 4711" : "",
            Zones = new FewZones(),
        };
        var action = (AccessAction)random.Next(7);
        return new NaiveRequest(DecisionModelTests.RandomSubject(random), DecisionModelTests.RandomLabel(random, policy), action, at, Paths[random.Next(Paths.Length)]);
    }

    private static Rule RandomRule(Random random, PolicyDocument policy, int number)
    {
        string department = random.Next(2) == 0 || policy.Departments.Count == 0 ? "" : policy.Departments[random.Next(policy.Departments.Count)];
        string from = random.Next(2) == 0 ? "" : policy.Levels[random.Next(5)].Name;
        string to = random.Next(3) > 0 ? "" : policy.Levels[random.Next(5)].Name;
        return new Rule(
            $"rule{number}", new LabelRange(department, from, to, random.Next(4) == 0 ? "customer-7" : "*"), random.Next(3) == 0 ? Globs[random.Next(Globs.Length)] : "",
            random.Next(3) == 0 ? [$"user{random.Next(4)}"] : [], random.Next(4) == 0 ? [$"group{random.Next(3)}"] : [],
            random.Next(2) == 0 ? RuleActions.Usual : (RuleActions)random.Next(1, 128),
            random.Next(3) == 0 ? RandomConditions(random) : null, random.Next(2) == 0 ? RandomConditions(random) : null,
            (AccessMode)random.Next(3), "only so", random.Next(2) == 0, random.Next(4) == 0);
    }

    private static IncidentLock RandomLock(Random random, PolicyDocument policy)
    {
        var kind = (LockKind)random.Next(4);
        string name = kind switch
        {
            LockKind.All => "",
            LockKind.User => $"user{random.Next(4)}",
            LockKind.Host => "pc1",
            _ => policy.Departments.Count > 0 ? policy.Departments[0] : "none",
        };
        return new IncidentLock(kind, name, "somebody saw something", "carol", Noon, random.Next(2) == 0 ? Noon.AddSeconds(random.Next(-1, 3)) : null);
    }

    private static Conditions RandomConditions(Random random)
    {
        Hours? hours = null;
        if (random.Next(3) == 0)
        {
            Assert.True(Hours.TryParse(Times[random.Next(Times.Length)], out hours, out string problem), problem);
        }

        var conditions = new Conditions(
            random.Next(2) == 0 ? ["program1", "program3"] : [], hours, random.Next(4) == 0 ? ["pc1"] : [],
            random.Next(5) == 0 ? random.Next(2) == 0 : null, random.Next(4) == 0 ? ["console", "service"] : []);
        return conditions.IsNone ? conditions with { Hosts = ["pc2"] } : conditions;
    }

    private static Digest256 Digest(byte number) => number == 0 ? default : new Digest256(number, 0, 0, number);

    private static PolicyDocument Made(PolicyEdit edit) => edit.Policy ?? throw new InvalidOperationException(edit.Error);

    private sealed class FewZones : IZones
    {
        public bool TryLocal(string zone, DateTimeOffset now, out DateTime local)
        {
            local = zone == "Asia/Shanghai" ? now.UtcDateTime.AddHours(8) : now.UtcDateTime;
            return zone is "UTC" or "Asia/Shanghai";
        }
    }
}

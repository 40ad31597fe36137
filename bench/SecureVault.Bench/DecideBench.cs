using System;
using BenchmarkDotNet.Attributes;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;

namespace SecureVault.Bench;

/// <summary>One decision of the policy, without the gate's memory of the last second: what the first open of a caller in it costs.</summary>
/// <remarks>Each user has a grant of their own and eight in a group whose system group they are in.</remarks>
public class DecideBench
{
    private const int GroupGrants = 8;
    private const uint FirstUid = 1000;
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Label _own = new("own", "secret", "");
    private readonly Label _shared = new($"shared/d{GroupGrants - 1}", "secret", "");
    private readonly Label _foreign = new("foreign", "public", "");
    private PolicyDocument _policy = null!;
    private Subject _subject;

    [Params(10, 1000)]
    public int Users { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        PolicyDocument policy = PolicyDocument.Initial();
        policy = Made(policy.AddDepartment("own"));
        policy = Made(policy.AddDepartment("foreign"));
        policy = Made(policy.AddGroup("everybody", 50, null));
        for (int i = 0; i < GroupGrants; i++)
        {
            policy = Made(policy.AddDepartment($"shared/d{i}"));
            policy = Made(policy.GrantGroup("everybody", $"shared/d{i}:secret", AccessMode.ReadOnly, null));
        }

        for (int i = 0; i < Users; i++)
        {
            policy = Made(policy.AddUser($"u{i}", FirstUid + (uint)i, null, null, EncryptionMode.Mandatory));
            policy = Made(policy.GrantUser($"u{i}", "own:top-secret", AccessMode.Plaintext, null));
        }

        _policy = policy;
        _subject = new Subject(FirstUid + ((uint)Users / 2), null, [4, 7, 50]);
    }

    [Benchmark]
    public bool Unlabelled() => Decide(Label.None);

    [Benchmark(Baseline = true)]
    public bool GrantedToUser() => Decide(_own);

    [Benchmark]
    public bool GrantedToGroup() => Decide(_shared);

    [Benchmark]
    public bool Denied() => Decide(_foreign);

    private bool Decide(Label label) => PolicyDecision.Decide(_policy, new AccessRequest { Subject = _subject, Label = label, Action = AccessAction.Read, At = new Circumstances(Now) }).Allowed;

    private static PolicyDocument Made(PolicyEdit edit) => edit.Policy ?? throw new InvalidOperationException(edit.Error);
}

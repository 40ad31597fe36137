using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Service.Callers;
using SecureVault.Service.Native;
using SecureVault.Terms;
using SecureVault.Tests.Vaults;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Xunit;

namespace SecureVault.Tests.FileSystem.Trail;

public sealed class AuditTrailTests
{
    private static readonly Label Secret = new("finance/treasury", "secret", "customer-7");
    private static readonly Decision Allowed = new(true, AccessMode.Plaintext, default, "alice", "alice", "finance", default);

    [Fact]
    public void The_record_of_an_open_allocates_nothing()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        var trail = new AuditTrail(vault.Audit, vault.Policy, new CallerDirectory(temp.Clock), temp.Clock);
        Node file = Under(Under(Root(), "工资"u8, NodeKind.Directory), "q3 report.xlsx"u8, NodeKind.File);
        var caller = new Caller(1001, 1001, Environment.ProcessId);
        Allocations.Hold("audit.open", () =>
        {
            PolicyDocument policy = vault.Policy.Current;
            var visit = new Visit(caller, policy, AuditEvent.Open, file, default, "");
            Assert.True(trail.TryRecord(visit.Event, Allowed, caller, Secret, policy, visit.Path, visit.Detail));
        });
        AuditRecord last = vault.OpenAuditReader().Read(AuditQuery.All).Last().Record;
        Assert.Equal(("/工资/q3 report.xlsx", "finance/treasury:secret:customer-7", "alice", "plaintext"), (last.Path, last.Label, last.User, last.Mode));
        Assert.Equal((1001u, Environment.ProcessId, Environment.ProcessPath), (last.Uid!.Value, last.Pid, last.Executable));
    }

    [Fact]
    public void The_systems_name_of_a_caller_is_recorded_where_it_is_another_than_the_policys()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        var callers = new CallerDirectory(temp.Clock, uid => uid == 1003 ? null : new SystemUser(uid == 1001 ? "alice" : "jdoe", uid, [], "/"));
        var trail = new AuditTrail(vault.Audit, vault.Policy, callers, temp.Clock);
        foreach (uint uid in new uint[] { 1001, 1002, 1003 })
        {
            Assert.True(trail.TryRecord(AuditEvent.Open, Allowed, new Caller(uid, uid, 0), Secret, vault.Policy.Current, new ObjectPath(Root(), default), ""));
        }

        Assert.Equal(["", "jdoe", ""], vault.OpenAuditReader().Read(AuditQuery.All).TakeLast(3).Select(e => e.Record.Account));
    }

    [Fact]
    public void A_record_says_what_the_decision_was_made_of()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        uint[] many = [.. Enumerable.Range(1, 60).Select(i => (uint)(100_000 + i))];
        var callers = new CallerDirectory(temp.Clock, uid => new SystemUser("a", uid, uid == 1001 ? [50, 51] : many, "/"));
        var trail = new AuditTrail(vault.Audit, vault.Policy, callers, temp.Clock);
        Decision lowered = Allowed with { Rule = "only in office", Grant = "finance:secret", Observed = true };
        foreach (uint uid in new uint[] { 1001, 1002 })
        {
            Assert.True(trail.TryRecord(AuditEvent.Open, lowered, new Caller(uid, 50, 0), Secret, vault.Policy.Current, new ObjectPath(Root(), default), ""));
        }

        AuditBasis[] bases = [.. vault.OpenAuditReader().Read(AuditQuery.All).TakeLast(2).Select(e => e.Record.Basis)];
        Assert.Equal(("alice", "finance:secret", "only in office", true, "50,51"), (bases[0].GrantedTo, bases[0].Grant, bases[0].Rule, bases[0].Observed, bases[0].Groups));
        Assert.StartsWith("100001,100002,", bases[1].Groups, StringComparison.Ordinal);
        Assert.EndsWith(",..", bases[1].Groups, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_spelled_as_its_names_are_joined()
    {
        Node root = Root();
        Assert.Equal("/", AuditTrail.PathOf(root));
        Assert.Equal("/a", AuditTrail.PathOf(root, "a"u8));
        Node folder = Under(root, "a"u8, NodeKind.Directory);
        Assert.Equal("/a/\ufffdb", AuditTrail.PathOf(folder, [0xff, (byte)'b']));
        folder.SetPlaces(null, true);
        Assert.Equal("(deleted)", AuditTrail.PathOf(folder));
        Assert.Equal("(deleted)/工", AuditTrail.PathOf(folder, "工"u8));
    }

    [Fact]
    public void Paths_of_any_length_begin_as_they_are()
    {
        var random = new Random(3);
        string[] pieces = ["a", "工资", "😀", "report-2026"];
        for (int round = 0; round < 200; round++)
        {
            Node node = Root();
            var names = new List<string>();
            for (int depth = random.Next(1, 120); depth > 0; depth--)
            {
                names.Add(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)])));
                node = Under(node, Encoding.UTF8.GetBytes(names[^1]), NodeKind.Directory);
            }

            string path = "/" + string.Join('/', names);
            Assert.Equal(path[..Math.Min(path.Length, ObjectPath.MaxLength)], AuditTrail.PathOf(node));
            names.Add(new string('n', 6000));
            path = "/" + string.Join('/', names);
            Assert.Equal(path[..Math.Min(path.Length, ObjectPath.MaxLength)], AuditTrail.PathOf(node, Encoding.UTF8.GetBytes(names[^1])));
        }
    }

    [Fact]
    public void A_label_is_spelled_on_the_stack_as_in_a_string()
    {
        string longest = new Label(new string('d', 128), new string('l', 64), new string('c', 64)).ToString();
        Assert.Equal(Label.MaxLength, longest.Length);
        foreach (Label label in new[] { Label.None, new Label("finance", "secret", ""), Secret, new Label(new string('d', 128), new string('l', 64), new string('c', 64)) })
        {
            char[] target = new char[Label.MaxLength];
            Assert.True(label.TryFormat(target, out int written));
            Assert.Equal(label.ToString(), new string(target, 0, written));
            Assert.False(label.TryFormat(target.AsSpan(0, written - 1), out _));
        }
    }

    private static Node Root() => new(NodeId.Root, default, NodeKind.Directory);

    private static Node Under(Node parent, ReadOnlySpan<byte> name, NodeKind kind)
    {
        var node = new Node(new NodeId(2), default, kind);
        node.SetPlaces(new Place(parent, name, "stored"u8, default, null), false);
        return node;
    }
}

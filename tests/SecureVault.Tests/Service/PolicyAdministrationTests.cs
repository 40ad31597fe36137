using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Service.Administration;
using SecureVault.Service.State;
using SecureVault.Vaults;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.Tests.Service;

/// <summary>The policy as one document, on a real vault with a KDF that costs nothing.</summary>
public sealed class PolicyAdministrationTests : IDisposable
{
    private static readonly ScryptCost Cheap = new(16, 8, 1);
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("correct horse battery staple");
    private readonly TemporaryFolder _folder = new();
    private readonly ITestOutputHelper _output;
    private readonly VaultAdministration _vault;

    public PolicyAdministrationTests(ITestOutputHelper output)
    {
        _output = output;
        Ok(VaultAdministration.Initialize(_folder["vault"], "aes-256-gcm", Passphrase, Cheap, TimeProvider.System));
        Ok(VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, new TrustAnchor(_folder["state"]), TimeProvider.System, out VaultAdministration? vault));
        _vault = vault!;
    }

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_exported_is_applied_and_undone()
    {
        Ok(_vault.AddDepartment("finance"));
        Ok(_vault.AddUser("alice", 1001, null, null, "mandatory"));
        string before = Exported();
        string file = Write("policy.yaml", before.Replace("name: alice", "name: alice\n    grants: [\"finance:secret\"]", StringComparison.Ordinal));
        PolicyPlan plan = Planned(_vault.Policies.PlanFile(file));
        Assert.Equal(["user alice: grant finance:secret none -> plaintext"], plan.Changes);
        Assert.Equal(["user alice gets finance:secret (plaintext)"], plan.Widened);
        ulong version = _vault.Policies.Version;
        Ok(_vault.Policies.Try(plan));
        Assert.Equal(version, _vault.Policies.Version);
        Ok(_vault.Policies.Apply(plan));
        Assert.Equal(version + 1, _vault.Policies.Version);
        Assert.Contains("changed meanwhile", _vault.Policies.Apply(plan).Message, StringComparison.Ordinal);
        Assert.Empty(Planned(_vault.Policies.PlanFile(file)).Changes);
        Assert.Contains("exported at version", Planned(_vault.Policies.PlanFile(file)).Note, StringComparison.Ordinal);

        Assert.Equal(["user alice: grant finance:secret none -> plaintext"], _vault.Policies.Differences(_vault.Policies.Before, null).Value);
        PolicyPlan back = Planned(_vault.Policies.PlanUndo(null));
        Assert.Empty(back.Widened);
        Ok(_vault.Policies.Apply(back));
        Assert.Equal(before.Replace($"version: {version}", $"version: {version + 2}", StringComparison.Ordinal), Exported());
        PolicyVersionRow last = _vault.Policies.History()[^1];
        Assert.Equal((version + 2, true, $"policy undo to version {version}"), (last.Version, last.InForce, last.What));
        Assert.All(_vault.Policies.History(), r => Assert.True(r.Kept));
        Assert.Equal("vault made", _vault.Policies.History()[0].What);
        Assert.Contains("not kept", _vault.Policies.PlanUndo(99).Result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_files_carry_is_not_left_out()
    {
        Ok(_vault.AddDepartment("finance"));
        string without = Exported().Replace("departments:\n  - finance", "departments: []", StringComparison.Ordinal);
        Ok(_vault.SetLabel("/", "finance:secret", null, null));
        PolicyPlan plan = Planned(_vault.Policies.PlanFile(Write("policy.yaml", without)));
        foreach (VaultResult refused in new[] { _vault.Policies.Try(plan), _vault.Policies.Apply(plan) })
        {
            Assert.Contains("left out (finance)", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["finance"], _vault.Departments());
        Assert.Contains("finance:secret", _vault.Access.Of("/").Value.Label, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_faults_changes_nothing()
    {
        string file = Write("policy.json", "{\"levels\": [}");
        Assert.Equal((1, 13), _vault.Policies.PlanFile(file).Value.Faults.Select(f => (f.Line, f.Column)).Single());
        Assert.Equal(VaultError.Failed, _vault.Policies.PlanFile(_folder["none"]).Result.Error);
        Assert.Equal(1ul, _vault.Policies.Version);
        Assert.Equal(VaultError.Failed, _vault.Policies.PlanUndo(null).Result.Error);
    }

    [Fact]
    public void Two_hundred_people_with_six_hundred_grants_take_one_edit_and_less_than_two_seconds()
    {
        foreach (string department in new[] { "finance", "legal", "sales", "research", "hr", "it" })
        {
            Ok(_vault.AddDepartment(department));
        }

        string rows = string.Concat(Enumerable.Range(0, 200).Select(i => $"user{i},{2000 + i},g{i % 6},finance;legal;{(i % 2 == 0 ? "sales" : "it")},secret;internal;confidential,2030-12-31\n"));
        string file = Write("people.csv", "name,uid,groups,departments,levels,expires\n" + rows);
        ulong version = _vault.Policies.Version;
        var clock = Stopwatch.StartNew();
        PolicyPlan plan = Planned(_vault.Policies.PlanTable(file, makeGroups: true));
        Ok(_vault.Policies.Apply(plan));
        _output.WriteLine($"200 users, 600 grants: {clock.ElapsedMilliseconds} ms besides the derivation");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
        Assert.Equal((version + 1, 200, 600), (_vault.Policies.Version, _vault.Users().Count, _vault.Users().Sum(u => u.Grants.Count)));
        Assert.Equal(600, _vault.Access.Unused(DateTimeOffset.UnixEpoch).Value.Count);
        Assert.Equal(["finance", "legal", "sales"], _vault.Access.OfUser("USER0").Value.Select(r => r.Department));
        Ok(_vault.Policies.Apply(Planned(_vault.Policies.PlanUndo(null))));
        Assert.Empty(_vault.Users());
        Assert.True(_vault.VerifyAudit().Result.IsOk);

        string json = Write("policy.json", _vault.Policies.Export(version + 1, asYaml: false).Value);
        clock.Restart();
        Ok(_vault.Policies.Apply(Planned(_vault.Policies.PlanFile(json))));
        _output.WriteLine($"the same as one document: {clock.ElapsedMilliseconds} ms");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
        Assert.Equal(200, _vault.Users().Count);
    }

    private string Exported() => _vault.Policies.Export(null, asYaml: true).Value;

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    private static PolicyPlan Planned(Answer<PolicyPlan> answer)
    {
        Ok(answer.Result);
        Assert.Empty(answer.Value.Faults);
        return answer.Value;
    }

    private static void Ok(VaultResult result) => Assert.Equal(VaultResult.Ok, result);
}

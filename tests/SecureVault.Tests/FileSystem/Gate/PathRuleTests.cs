using System;
using System.Linq;
using System.Numerics;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Namespace;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>Rules that speak of paths, at a gate that remembers what it decided: within one second, one label, one user.</summary>
public sealed class PathRuleTests : IDisposable
{
    private static readonly string[] Files = ["/Payroll/open", "/Payroll/closed-1", "/Payroll/closed-2", "/Payroll/tmp/closed-1"];

    private readonly TestDrive _drive = new();

    public PathRuleTests()
    {
        _drive.Policy.Edit(p => p.AddDepartment("finance"));
        _drive.Policy.Edit(p => p.AddUser("me", _drive.Me.Uid, null, null, EncryptionMode.Mandatory));
        _drive.Policy.Edit(p => p.GrantUser("me", "finance:secret", AccessMode.Plaintext, null));
        _drive.MakeDirectory("/Payroll");
        _drive.SetLabel("/Payroll", "finance:secret");
        _drive.MakeDirectory("/Payroll/tmp");
        Array.ForEach(Files, f => _drive.Write(f, "salaries"));
    }

    public void Dispose() => _drive.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)] // more than one number can hold: then nothing is remembered
    public void What_is_remembered_of_one_path_is_not_said_of_another(int patterns)
    {
        for (int i = 1; i < patterns; i++)
        {
            AddRule($"none-{i}", $"/elsewhere/{i}/**");
        }

        AddRule("closed", "/Payroll/closed-*");
        Assert.Equal(patterns <= 64, _drive.Policy.Current.TryPatternsOf("/Payroll/closed-1", out ulong covering));
        Assert.Equal(patterns <= 64 ? 1 : 0, BitOperations.PopCount(covering));
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal([VaultStatus.Ok, VaultStatus.Denied, VaultStatus.Denied, VaultStatus.Ok], Files.Select(Open));
        }
    }

    private void AddRule(string name, string path) => _drive.Policy.Edit(p => p.SetRule(
        new Rule(name, new LabelRange("finance", "", "", "*"), path, [], [], RuleActions.Usual, null, null, AccessMode.Denied, "", false, false)));

    private VaultStatus Open(string path)
    {
        VaultStatus status = _drive.Files.Open(_drive.Me, _drive.Node(path), OpenIntent.Read, out OpenFile? file, out _);
        file?.Release();
        return status;
    }
}

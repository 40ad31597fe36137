using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.FileSystem;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;

namespace SecureVault.Service.Administration;

/// <summary>Says what a user would get for a path, why, and what to do about it.</summary>
internal sealed class Explaining(Vault vault)
{
    /// <summary>Asks as the user would write, so that a read-only grant shows as one. Opens nothing and records nothing.</summary>
    public Answer<Explanation> Explain(string path, string name)
    {
        PolicyDocument policy = vault.Policy.Current;
        if (policy.FindUser(name) is not { } user)
        {
            return Refuse($"user {name} does not exist; {PolicyRows.Existing(policy.Users.Select(u => u.Name))}");
        }

        if (user.Uid is null && user.Sid is null)
        {
            return Refuse($"user {user.Name} has neither a user number nor a SID, so nobody on a machine is this user; give it one, with: {PolicyAdvice.Command("user set", vault.Folder, user.Name)} --uid NUMBER");
        }

        VaultResult result = new VaultLabels(vault).Show(path, out LabelledObject? found);
        if (!result.IsOk)
        {
            return new Answer<Explanation>(result, default!);
        }

        var subject = new Subject(user.Uid, user.Sid, GroupsOf(user.Uid));
        Decision decision = VaultFileSystem.Explain(vault, new AccessRequest
        {
            Subject = subject,
            Label = found!.Label,
            Action = AccessAction.Write,
            At = new Circumstances(vault.Clock.GetUtcNow()) { Host = ThisMachine.Name, Zones = new Clocks() },
            Path = found.Path,
        });
        return new Answer<Explanation>(VaultResult.Ok, new Explanation(
            RawText.Shown(path),
            user.Name,
            found.Label.ToString(),
            Spelling.Of(decision.Mode),
            PolicyAdvice.Reason(policy, user, found.Label, decision),
            decision.GrantedTo,
            decision.Grant,
            PolicyAdvice.Advice(vault.Folder, policy, user, path, found.Label, decision),
            policy.Version));
    }

    private static IReadOnlyList<uint> GroupsOf(uint? uid) => uid is { } number ? Machine.This.GroupsOf(number) : [];

    private sealed class Clocks : IZones
    {
        public bool TryLocal(string zone, DateTimeOffset now, out DateTime local) => WallClocks.TryLocal(zone, now, out local);
    }

    private static Answer<Explanation> Refuse(string message) => new(new VaultResult(VaultError.Failed, message), default!);
}

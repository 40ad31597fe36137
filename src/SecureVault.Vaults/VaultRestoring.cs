using System;
using System.Collections.Generic;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>What a restore changed.</summary>
/// <param name="Changed">False: the vault was what this machine remembers already, and nothing was recorded.</param>
/// <param name="Before">What this machine remembered.</param>
/// <param name="After">What it remembers now.</param>
/// <param name="Found">What did not fit together in the vault, one clause each.</param>
public sealed record VaultRestore(bool Changed, TrustedState Before, TrustedState After, IReadOnlyList<string> Found);

/// <summary>A backup was put back on purpose: recorded in the vault, its documents made to fit each other, and then this machine's memory set to it.</summary>
internal sealed class VaultRestoring(VaultParts parts)
{
    public static VaultResult Run(IBackingStore store, string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out VaultRestore? done)
    {
        done = null;
        VaultResult result = Vault.Open(store, folder, VaultUse.Restore, passphrase, floor, anchor, clock, ThisProcess.BootId(), out Vault? vault);
        if (!result.IsOk)
        {
            return result;
        }

        using (vault)
        {
            result = MountLock.Take(vault!.Parts, "", takeOver: true, out MountLock? held);
            using (held)
            {
                return result.IsOk ? new VaultRestoring(vault.Parts).RunAlone(out done) : result;
            }
        }
    }

    private VaultResult RunAlone(out VaultRestore? done)
    {
        done = null;
        using IDisposable? live = parts.Anchor.TryHold(parts.Id);
        if (live is null)
        {
            return VaultMessages.LiveElsewhere(parts);
        }

        VaultResult result = FolderLock.Take(parts, VaultNames.EditLock, wait: true, out FolderLock? held);
        using (held)
        {
            return result.IsOk ? Settle(out done) : result;
        }
    }

    private VaultResult Settle(out VaultRestore? done)
    {
        TrustedState before = parts.Anchor.Read(parts.Id);
        AuditHead head = parts.Audit.Head;
        TrustedState now = VaultMemory.Of(parts, parts.Policy.Current.Version, head);
        if (parts.Audit.Lost > 0)
        {
            parts.Found.Add($"audit/log ends {parts.Audit.Lost} records before what audit/head says");
        }

        bool newer = now.PolicyVersion >= before.PolicyVersion && (now.AuditSequence > before.AuditSequence || (now.AuditSequence == before.AuditSequence && now.AuditChain == before.AuditChain));
        done = new VaultRestore(false, before, now, parts.Found);
        if (newer && parts.Found.Count == 0 && now.Place == before.Place)
        {
            return VaultResult.Ok;
        }

        VaultResult result = Record(before, now);
        result = result.IsOk ? Mend(head) : result;
        return result.IsOk ? Remember(before, out done) : result;
    }

    private VaultResult Record(in TrustedState before, in TrustedState now)
    {
        string found = parts.Found.Count == 0 ? "" : $"; found: {string.Join("; ", parts.Found)}";
        string detail = $"this machine remembered {Spell(before)}; the vault has {Spell(now)}{found}";
        bool recorded = parts.Audit.TrySettle() && parts.Audit.TryRecord(ThisProcess.Record(parts.Clock, AuditEvent.Restore, "", "", now.PolicyVersion, detail, parts.Policy.InForce));
        return recorded ? VaultResult.Ok : VaultMessages.Failed($"Nothing was changed: the restore could not be recorded ({parts.Audit.Problem}).");
    }

    /// <summary>Documents that are older than the log are brought up to its numbers, so that what was written since is not taken for theirs.</summary>
    private VaultResult Mend(in AuditHead head)
    {
        SessionsDocument sessions = parts.Sessions;
        if (sessions.Session < head.Session)
        {
            VaultStatus status = VaultSessions.Read(parts, out _, out ulong version, out _);
            status = status == VaultStatus.Ok ? VaultSessions.Write(parts, sessions.Reach(head.Session), version + 1) : status;
            if (status != VaultStatus.Ok)
            {
                return VaultMessages.Store($"{parts.Path}/sessions", "Writing", status);
            }
        }

        PolicyDocument policy = parts.Policy.Current;
        ulong labels = ulong.Max(policy.LabelsVersion, head.LabelsVersion);
        if (!parts.Labels.TryReach(labels))
        {
            VaultStatus status = parts.Labels.Write([], new Dictionary<Id128, KeyId>(), labels, out _);
            if (status != VaultStatus.Ok)
            {
                return VaultMessages.Store($"{parts.Path}/labels", "Writing", status);
            }
        }

        if (policy.Version < head.PolicyVersion)
        {
            PolicyDocument next = policy.Republished(head.PolicyVersion + 1);
            VaultStatus status = new PolicyHistory(parts).Keep(policy);
            status = status != VaultStatus.Ok ? status : parts.Documents.Write(parts.Folder!, VaultNames.Policy, DocumentKind.Policy, next.Version, next.ToJson(), parts.Keyring.Signer);
            if (status != VaultStatus.Ok || parts.Policy.Current.Version != next.Version)
            {
                return VaultMessages.Store($"{parts.Path}/policy", "Writing", status);
            }

            parts.Audit.TryNotePolicy(next.Version);
        }

        return VaultResult.Ok;
    }

    private VaultResult Remember(in TrustedState before, out VaultRestore? done)
    {
        done = null;
        if (!parts.Audit.TryCheckpoint() || !parts.Audit.TrySync(out AuditHead synced))
        {
            return VaultMessages.Failed($"{parts.Path}/audit/log could not be made durable, so this machine goes on remembering what it saw before. Try again.");
        }

        TrustedState after = VaultMemory.Of(parts, parts.Policy.Current.Version, synced);
        if (!parts.Anchor.Replace(parts.Id, after))
        {
            return VaultMessages.Failed($"{parts.Anchor.Describe(parts.Id)} could not be written, so this machine goes on remembering what it saw before: check its folder's permissions and space, and try again.");
        }

        done = new VaultRestore(true, before, after, parts.Found);
        return VaultResult.Ok;
    }

    private static string Spell(in TrustedState state)
    {
        string chain = state.AuditChain.Length == 0 ? "" : $" (chain {state.AuditChain})";
        string place = state.Place is { } known ? $" in {known.Path}" : "";
        return state.PolicyVersion == ulong.MaxValue ? "something that cannot be read" : $"policy version {state.PolicyVersion} and record {state.AuditSequence}{chain}{place}";
    }
}

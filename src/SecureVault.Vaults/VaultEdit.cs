using System;
using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>Changes of policy, keyring and list of given labels, one at a time among all processes: jobs/edit.lock.</summary>
internal sealed class VaultEdit(VaultParts parts)
{
    private const int Tries = 5;

    /// <summary>Edits the policy: staged, recorded, published, told to head and anchor, in that order.</summary>
    public VaultResult Policy(Func<PolicyDocument, PolicyEdit> edit, string path, string label, string description) =>
        Locked(() => Make(edit, path, label, description));

    public VaultResult EnsureKey(Label label, out KeyId id)
    {
        id = parts.Keyring.NewestOf(label);
        if (!id.Value.IsZero)
        {
            return VaultResult.Ok;
        }

        KeyId added = default;
        VaultResult result = Locked(() => Written("keyring", parts.Keyring.Add(label, out added, out string problem), problem));
        id = added;
        return result;
    }

    /// <summary>Forgets what objects were given before they are given something else, or notes what they were given.</summary>
    public VaultResult Labels(IReadOnlyCollection<Id128> forget, IReadOnlyDictionary<Id128, KeyId> given)
    {
        return forget.Count + given.Count == 0
            ? VaultResult.Ok
            : Locked(() => Written("labels", parts.Labels.Write(forget, given, 0, out string problem), problem));
    }

    private VaultResult Make(Func<PolicyDocument, PolicyEdit> edit, string path, string label, string description)
    {
        if (!parts.Policy.TryCurrent(out PolicyDocument old, out string problem))
        {
            return VaultMessages.Damaged($"{parts.Path}/policy", problem);
        }

        PolicyEdit made = edit(old);
        if (made.Policy is null)
        {
            return VaultMessages.Failed(made.Error ?? "The policy was left as it is.");
        }

        if (made.Policy.Version != old.Version + 1)
        {
            throw new InvalidOperationException("An edit makes the next version of the policy it was given.");
        }

        return Store(old, made.Policy, ThisProcess.Record(parts.Clock, AuditEvent.PolicyChange, path, label, old.Version, $"{description} (policy version {made.Policy.Version})"));
    }

    private VaultResult Locked(Func<VaultResult> work)
    {
        VaultResult result = FolderLock.Take(parts, VaultNames.EditLock, wait: true, out FolderLock? held);
        using (held)
        {
            return result.IsOk ? work() : result;
        }
    }

    private VaultResult Written(string document, VaultStatus status, string problem) => status switch
    {
        VaultStatus.Ok => VaultResult.Ok,
        VaultStatus.Corrupt => VaultMessages.Damaged($"{parts.Path}/{document}", problem),
        _ => VaultMessages.Store($"{parts.Path}/{document}", "Writing", status),
    };

    private VaultResult Store(PolicyDocument old, PolicyDocument next, AuditRecord record)
    {
        byte[] stored = parts.Documents.Seal(DocumentKind.Policy, next.Version, next.ToJson(), parts.Keyring.Signer);
        VaultStatus status = StoredFile.Stage(parts.Store, parts.Folder!, VaultNames.Policy, stored);
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{parts.Path}/policy", "Writing", status);
        }

        if (!parts.Audit.TryRecord(record))
        {
            StoredFile.Discard(parts.Store, parts.Folder!, VaultNames.Policy);
            return VaultMessages.Failed($"Nothing was changed: the change could not be recorded ({parts.Audit.Problem}).");
        }

        status = StoredFile.Publish(parts.Store, parts.Folder!, VaultNames.Policy);
        if (status != VaultStatus.Ok)
        {
            parts.Audit.TryRecord(record with { Allowed = false, Detail = $"{record.Detail}: not stored, {status}" });
            return VaultMessages.Store($"{parts.Path}/policy", "Writing", status);
        }

        // The checkpoint makes the log longer, which is how a running drive learns that its head says something new.
        bool noted = parts.Audit.TryNotePolicy(next.Version) && parts.Audit.TryCheckpoint();
        if (!IsInForce(next, stored))
        {
            return VaultMessages.Failed($"{parts.Path}/policy was stored, but an older one was put in its place at once: somebody else writes there. {(noted ? "Drives deny all labelled files until it is mended" : "The change could not be recorded either")}; see securevault verify {parts.Path}");
        }

        return noted ? VaultResult.Ok : VaultMessages.Failed($"The change is in force, but the audit log could not be told of it ({parts.Audit.Problem}): an older policy put back would not be noticed.");
    }

    /// <summary>Reads back what was published; where something else stands there, it is published again, a few times.</summary>
    private bool IsInForce(PolicyDocument next, byte[] stored)
    {
        for (int tries = 0; tries < Tries; tries++)
        {
            PolicyDocument read = parts.Policy.Current;
            if (read.Version >= next.Version && !read.IsClosed)
            {
                return true;
            }

            StoredFile.Replace(parts.Store, parts.Folder!, VaultNames.Policy, stored);
        }

        return false;
    }
}

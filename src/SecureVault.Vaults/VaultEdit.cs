using System;
using System.Collections.Generic;
using System.Linq;
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

    /// <summary>Edits the policy: the version in force kept, the next staged, recorded, published, told to head and anchor, in that order.</summary>
    public VaultResult Policy(Func<PolicyDocument, PolicyEdit> edit, string path, string label, string description) =>
        Locked(() => Make(edit, path, label, description, null));

    /// <summary>Edits the policy and calls the labels of keys otherwise, between its record and its publication: killed there, labelled files are denied until it is done again.</summary>
    public VaultResult Rename(Func<PolicyDocument, PolicyEdit> edit, Func<Label, Label> renamed, string description) => Locked(() =>
    {
        bool changes = parts.Keyring.Knows(label => renamed(label) != label);
        ulong version = parts.Keyring.Version + 1;
        PolicyEdit Bound(PolicyDocument policy) => edit(policy) is { Policy: { } made } ? new PolicyEdit(made.WithKeysRenamed(version), null) : edit(policy);
        return changes
            ? Make(Bound, "", "", description, () => Written("keyring", parts.Keyring.Rename(renamed, out string problem), problem))
            : Make(edit, "", "", description, null);
    });

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
            : Locked(() => WriteLabels(forget, given));
    }

    /// <summary>Notes what one object was given, as it stands when nobody else edits.</summary>
    /// <param name="carried">Id and key of the object, asked under the lock.</param>
    public VaultResult Label(Func<(Id128 Owner, KeyId Key)> carried) => Locked(() =>
    {
        (Id128 owner, KeyId key) = carried();
        return WriteLabels([], new Dictionary<Id128, KeyId> { [owner] = key });
    });

    private VaultResult WriteLabels(IEnumerable<Id128> forget, IReadOnlyDictionary<Id128, KeyId> given)
    {
        VaultResult result = Written("labels", parts.Labels.Write(forget, given, 0, out string problem), problem);
        return !result.IsOk || parts.Audit.TryNoteLabels(parts.Labels.Version)
            ? result
            : VaultMessages.Failed($"The audit log could not be told of given labels ({parts.Audit.Problem}): an older list of them put back would not be noticed.");
    }

    private VaultResult Make(Func<PolicyDocument, PolicyEdit> edit, string path, string label, string description, Func<VaultResult>? before)
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

        string changes = PolicyChanges.Between(old, made.Policy);
        string detail = $"{description} (policy version {made.Policy.Version}){(changes.Length > 0 ? $": {changes}" : "")}";
        AuditRecord[] records = [.. AuditDetail.Split(detail, $"policy version {made.Policy.Version}, continued: ")
            .Select(piece => ThisProcess.Record(parts.Clock, AuditEvent.PolicyChange, path, label, old.Version, piece, old))];
        return Store(old, made.Policy, records, before);
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

    /// <param name="before">What is stored before the policy, once the change is on record; null for nothing.</param>
    private VaultResult Store(PolicyDocument old, PolicyDocument next, AuditRecord[] records, Func<VaultResult>? before)
    {
        VaultStatus kept = new PolicyHistory(parts).Keep(old);
        if (kept != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{parts.Path}/policies/{old.Version}", "Writing", kept);
        }

        byte[] stored = parts.Documents.Seal(DocumentKind.Policy, next.Version, next.ToJson(), parts.Keyring.Signer);
        VaultStatus status = StoredFile.Stage(parts.Store, parts.Folder!, VaultNames.Policy, stored);
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{parts.Path}/policy", "Writing", status);
        }

        if (!records.All(parts.Audit.TryRecord))
        {
            string problem = parts.Audit.Problem;
            return NotStored(records[0], VaultMessages.Failed($"Nothing was changed: the change could not be recorded ({problem})."));
        }

        VaultResult first = before?.Invoke() ?? VaultResult.Ok;
        if (!first.IsOk)
        {
            return NotStored(records[0], first);
        }

        status = StoredFile.Publish(parts.Store, parts.Folder!, VaultNames.Policy);
        if (status != VaultStatus.Ok)
        {
            return NotStored(records[0], VaultMessages.Store($"{parts.Path}/policy", "Writing", status));
        }

        // The checkpoint makes the log longer, which is how a running drive learns that its head says something new.
        bool noted = parts.Audit.TryNotePolicy(next.Version) && parts.Audit.TryCheckpoint();
        if (!IsInForce(next, stored))
        {
            return VaultMessages.Failed($"{parts.Path}/policy was stored, but an older one was put in its place at once: somebody else writes there. {(noted ? "Drives deny all labelled files until it is mended" : "The change could not be recorded either")}; see securevault verify {ShellWord.Of(parts.Path)}");
        }

        return noted ? VaultResult.Ok : VaultMessages.Failed($"The change is in force, but the audit log could not be told of it ({parts.Audit.Problem}): an older policy put back would not be noticed.");
    }

    private VaultResult NotStored(AuditRecord record, VaultResult why)
    {
        StoredFile.Discard(parts.Store, parts.Folder!, VaultNames.Policy);
        parts.Audit.TryRecord(record with { Allowed = false, Detail = $"not stored: {record.Detail}" });
        return why;
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

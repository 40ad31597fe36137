using System;
using System.Collections.Generic;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>Keyring and list of given labels, as the engine asks them.</summary>
internal sealed class LabelKeys(VaultParts parts) : ILabelKeys
{
    /// <inheritdoc/>
    public KeyId Unlabelled => parts.Keyring.Unlabelled;

    /// <inheritdoc/>
    public Label? LabelOf(KeyId id) => parts.Keyring.LabelOf(id);

    /// <inheritdoc/>
    public KeyId NewestOf(Label label) => parts.Keyring.NewestOf(label);

    /// <inheritdoc/>
    public bool IsOld(Id128 owner, KeyId key) => parts.Labels.IsOld(owner, key);

    /// <inheritdoc/>
    public VaultStatus Withdraw(StoreHandle file, KeyId next)
    {
        VaultStatus status = Read(file, out Id128 owner, out _);
        return status == VaultStatus.Ok && IsOld(owner, next) ? Outcome(new VaultEdit(parts).Labels([owner], new Dictionary<Id128, KeyId>())) : status;
    }

    /// <inheritdoc/>
    public VaultStatus Give(StoreHandle file)
    {
        VaultStatus status = Read(file, out Id128 owner, out KeyId key);
        return status == VaultStatus.Ok && !parts.Labels.Has(owner, key)
            ? Outcome(new VaultEdit(parts).Label(() => Read(file, out Id128 now, out KeyId carried) == VaultStatus.Ok ? (now, carried) : (owner, key)))
            : status;
    }

    private static VaultStatus Outcome(VaultResult result) => result.IsOk ? VaultStatus.Ok : VaultStatus.InputOutput;

    private VaultStatus Read(StoreHandle file, out Id128 owner, out KeyId key)
    {
        owner = default;
        key = default;
        Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
        VaultStatus status = parts.Store.ReadAt(file, record, 0, out int read);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (read < record.Length || FileHeader.TryReadKeyId(record, parts.Keys.Header, out FileIdentity identity, out key) != FormatStatus.Ok)
        {
            return VaultStatus.Corrupt;
        }

        owner = identity.Id.Value;
        return VaultStatus.Ok;
    }
}

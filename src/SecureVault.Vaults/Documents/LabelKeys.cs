using SecureVault.Format.V1;
using SecureVault.Policy;

namespace SecureVault.Vaults.Documents;

/// <summary>Keyring and list of given labels, as the engine asks them.</summary>
internal sealed class LabelKeys(Keyring keyring, GivenLabels given) : ILabelKeys
{
    /// <inheritdoc/>
    public KeyId Unlabelled => keyring.Unlabelled;

    /// <inheritdoc/>
    public Label? LabelOf(KeyId id) => keyring.LabelOf(id);

    /// <inheritdoc/>
    public KeyId NewestOf(Label label) => keyring.NewestOf(label);

    /// <inheritdoc/>
    public bool IsOld(Id128 owner, KeyId key) => given.IsOld(owner, key);
}

using SecureVault.Format.V1;
using SecureVault.Policy;

namespace SecureVault.Vaults.Documents;

/// <summary>What the engine asks of the keyring: which label a key stands for and which key a label takes now.</summary>
/// <remarks>Any thread; answers from memory, but for a stat in IsOld.</remarks>
public interface ILabelKeys
{
    /// <summary>The key of unlabelled files.</summary>
    KeyId Unlabelled { get; }

    /// <summary>Label of a key; null when the keyring does not know it.</summary>
    Label? LabelOf(KeyId id);

    /// <summary>Newest key of a label; zero when it has none.</summary>
    KeyId NewestOf(Label label);

    /// <summary>Whether an object with that key carries another label than it was given last: its header or record is an old one that was put back.</summary>
    /// <param name="owner">Id of the file or folder.</param>
    /// <param name="key">As its header or record says; zero = unlabelled.</param>
    bool IsOld(Id128 owner, KeyId key);
}

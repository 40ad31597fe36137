using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>What the engine asks of the keyring: which label a key stands for and which key a label takes now.</summary>
/// <remarks>Any thread. Answers from memory, but for a stat in IsOld; the last two read a header, and write a document durably where it says otherwise.</remarks>
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

    /// <summary>Before a file's header gets a key of another label: takes what it was given before out of the list.</summary>
    /// <param name="next">The key that it gets.</param>
    /// <returns>Corrupt when the header is not authentic; InputOutput when the list could not be written.</returns>
    VaultStatus Withdraw(StoreHandle file, KeyId next);

    /// <summary>Notes the label that a file's header has, once that is durable: from then on a header with another label is an old one.</summary>
    /// <returns>As Withdraw.</returns>
    VaultStatus Give(StoreHandle file);
}

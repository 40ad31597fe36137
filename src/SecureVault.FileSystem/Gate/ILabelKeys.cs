using SecureVault.Format.V1;
using SecureVault.Policy;

namespace SecureVault.FileSystem.Gate;

/// <summary>Which label a compartment key stands for, and which key a label takes. Any thread.</summary>
public interface ILabelKeys
{
    /// <summary>Label of a key; Label.None for the zero id and the unlabelled key; null when the keyring has none of this id.</summary>
    Label? LabelOf(KeyId id);

    /// <summary>Newest key of a label; the zero id when it has none yet.</summary>
    KeyId NewestOf(Label label);

    /// <summary>The key of unlabelled files.</summary>
    KeyId Unlabelled { get; }
}

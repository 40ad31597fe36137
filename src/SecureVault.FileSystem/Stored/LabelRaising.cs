using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.FileSystem.Stored;

/// <summary>Gives a file a label and notes that it was given: an old header put back does not take it away again.</summary>
/// <remarks>
/// Any thread, without the file's monitor: it waits for commands that edit. What the list says otherwise is taken out of it first and the new
/// label is noted last, so that a stop in between leaves a file that is read by its header.
/// </remarks>
internal sealed class LabelRaising(Contents contents, ILabelKeys labels)
{
    /// <summary>InputOutput when the list could not be written; the file may have the label by then.</summary>
    public VaultStatus Raise(Node node, KeyId key, ulong labelEpoch)
    {
        VaultStatus status = contents.Acquire(node, true, out FileContent? content);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = labels.Withdraw(content!.Handle, key);
        status = status == VaultStatus.Ok ? contents.SetLabel(node, content, key, labelEpoch) : status;
        status = status == VaultStatus.Ok ? labels.Give(content.Handle) : status;
        contents.Return(node);
        return status;
    }

    /// <summary>Notes the label that a file has.</summary>
    public VaultStatus Note(Node node)
    {
        VaultStatus status = contents.Acquire(node, false, out FileContent? content);
        if (status == VaultStatus.Ok)
        {
            status = labels.Give(content!.Handle);
            contents.Return(node);
        }

        return status;
    }
}

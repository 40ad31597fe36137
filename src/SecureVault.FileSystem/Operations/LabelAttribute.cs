using System;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>The label of a file or folder as an attribute that can be asked for by name and never changes anything.</summary>
/// <remarks>Copies bring it along and take it off: setting what it is already, or removing it, is answered as done, so that they succeed; anything else is refused, on record.</remarks>
internal sealed class LabelAttribute(Drive drive)
{
    public static ReadOnlySpan<byte> Name => "user.securevault.label"u8;

    /// <summary>NoAttribute for what has no label; Range when it does not fit.</summary>
    public VaultStatus Get(KeyId key, Span<byte> value, out int length)
    {
        Label label = drive.Gate.LabelOf(key);
        byte[] text = Encoding.UTF8.GetBytes(label.ToString());
        length = label.IsNone ? 0 : text.Length;
        if (label.IsNone)
        {
            return VaultStatus.NoAttribute;
        }

        return value.IsEmpty || text.AsSpan().TryCopyTo(value) ? VaultStatus.Ok : VaultStatus.Range;
    }

    /// <summary>Ok for the label that it has, else NotPermitted.</summary>
    public VaultStatus Set(in Caller caller, PolicyDocument policy, Node node, KeyId key, ReadOnlySpan<byte> value)
    {
        Label label = drive.Gate.LabelOf(key);
        if (!label.IsNone && value.SequenceEqual(Encoding.UTF8.GetBytes(label.ToString())))
        {
            return VaultStatus.Ok;
        }

        var visit = new Visit(caller, policy, AuditEvent.Change, node, default, "attribute user.securevault.label");
        _ = drive.Gate.Refuse(visit, drive.Gate.Decide(visit, key, AccessAction.Relabel), key, "labels are set by label set");
        return VaultStatus.NotPermitted;
    }

    public VaultStatus Remove(KeyId key) => drive.Gate.LabelOf(key).IsNone ? VaultStatus.NoAttribute : VaultStatus.Ok;
}

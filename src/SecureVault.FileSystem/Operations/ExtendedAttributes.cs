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

/// <summary>Extended attributes of the user's own (user.*), sealed; and the label as one that can only be read.</summary>
/// <remarks>Other families are refused before anything is looked up: kernels ask for them at every write.</remarks>
internal sealed class ExtendedAttributes
{
    private readonly Drive _drive;
    private readonly SealedAttributes _sealed;
    private readonly LabelAttribute _label;

    public ExtendedAttributes(Drive drive, SealedAttributes attributes)
    {
        _drive = drive;
        _sealed = attributes;
        _label = new LabelAttribute(drive);
    }

    private static ReadOnlySpan<byte> Family => "user."u8;

    private static ReadOnlySpan<byte> Reserved => "user.securevault."u8;

    /// <summary>What Windows knows of an object and Linux does not; FORMAT.md has its bytes.</summary>
    public static ReadOnlySpan<byte> WindowsName => "user.windows"u8;

    /// <summary>The value of WindowsName, shown like a mode or a time to whoever is shown the object: no decision, no record.</summary>
    public VaultStatus GetWindows(NodeId id, Span<byte> value, out int length)
    {
        length = 0;
        VaultStatus status = _drive.Find(id, out Node node);
        bool may = status == VaultStatus.Ok && _drive.Store.KeepsXattrs && node.Kind <= NodeKind.Directory;
        return may ? _sealed.Get(node, WindowsName, value, out length) : status == VaultStatus.Ok ? VaultStatus.NoAttribute : status;
    }

    public VaultStatus Get(in Caller caller, NodeId id, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        if (!name.StartsWith(Family))
        {
            return VaultStatus.NotSupported;
        }

        VaultStatus status = _sealed.Find(id, out Node node, out PolicyDocument policy, out KeyId key);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (name.StartsWith(Reserved))
        {
            return name.SequenceEqual(LabelAttribute.Name) ? _label.Get(key, value, out length) : VaultStatus.NoAttribute;
        }

        var visit = new Visit(caller, policy, AuditEvent.Open, node, default, "attribute " + Encoding.UTF8.GetString(name));
        status = _drive.Gate.AuthorizeQuietly(visit, AccessAction.Read, key);
        return status == VaultStatus.Ok ? _sealed.Get(node, name, value, out length) : status;
    }

    public VaultStatus Set(in Caller caller, NodeId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace)
    {
        if (value.Length > SealedAttributes.LargestValue)
        {
            return VaultStatus.NoSpace; // as file systems say that keep attributes in a block
        }

        if (name.SequenceEqual(LabelAttribute.Name))
        {
            VaultStatus found = _sealed.Find(id, out Node node, out PolicyDocument policy, out KeyId key);
            return found == VaultStatus.Ok ? _label.Set(caller, policy, node, key, value) : found;
        }

        VaultStatus status = BeginChange(caller, id, name, out AttributeOwner owner);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        lock (owner.Guard)
        {
            status = _sealed.Set(owner, name, value, create, replace);
        }

        owner.End(_drive);
        return status;
    }

    public VaultStatus Remove(in Caller caller, NodeId id, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(LabelAttribute.Name))
        {
            VaultStatus found = _sealed.Find(id, out _, out _, out KeyId key);
            return found == VaultStatus.Ok ? _label.Remove(key) : found;
        }

        VaultStatus status = BeginChange(caller, id, name, out AttributeOwner owner);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _sealed.Remove(owner, name);
        owner.End(_drive);
        return status;
    }

    /// <summary>The label is not listed, though it can be asked for by name: programs that copy attributes would carry it elsewhere. Whoever may not read the object sees none.</summary>
    public VaultStatus List(in Caller caller, NodeId id, bool accessLists, Span<byte> names, out int length)
    {
        length = 0;
        VaultStatus status = _sealed.Find(id, out Node node, out PolicyDocument policy, out KeyId key);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotSupported ? VaultStatus.Ok : status;
        }

        if (!_drive.Gate.Decide(new Visit(caller, policy, AuditEvent.Open, node, default, ""), key, AccessAction.Read).Allowed)
        {
            return status;
        }

        status = _sealed.Take(node, out AttributeOwner owner);
        if (status == VaultStatus.Ok)
        {
            status = _sealed.List(owner, accessLists, names, ref length);
            owner.End(_drive);
        }

        return status;
    }

    private VaultStatus BeginChange(in Caller caller, NodeId id, ReadOnlySpan<byte> name, out AttributeOwner owner)
    {
        owner = default;
        if (!name.StartsWith(Family))
        {
            return VaultStatus.NotSupported;
        }

        VaultStatus status = _sealed.Find(id, out Node node, out PolicyDocument policy, out KeyId key);
        if (status == VaultStatus.Ok && name.StartsWith(Reserved))
        {
            status = VaultStatus.NotPermitted;
        }

        if (status == VaultStatus.Ok)
        {
            var visit = new Visit(caller, policy, AuditEvent.Change, node, default, "attribute " + Encoding.UTF8.GetString(name));
            status = _drive.Gate.AuthorizeQuietly(visit, AccessAction.Write, key);
        }

        return status == VaultStatus.Ok ? _sealed.Take(node, out owner) : status;
    }
}

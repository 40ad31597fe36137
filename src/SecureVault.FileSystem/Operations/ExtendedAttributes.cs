using System;
using System.Buffers;
using System.Text;
using SecureVault.Content;
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
    private const int LargestValue = 64 * 1024;

    private readonly Drive _drive;
    private readonly LabelAttribute _label;

    public ExtendedAttributes(Drive drive)
    {
        _drive = drive;
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
        return may ? GetSealed(node, WindowsName, value, out length) : status == VaultStatus.Ok ? VaultStatus.NoAttribute : status;
    }

    public VaultStatus Get(in Caller caller, NodeId id, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        if (!name.StartsWith(Family))
        {
            return VaultStatus.NotSupported;
        }

        VaultStatus status = Begin(id, out Node node, out PolicyDocument policy, out KeyId key);
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
        return status == VaultStatus.Ok ? GetSealed(node, name, value, out length) : status;
    }

    public VaultStatus Set(in Caller caller, NodeId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace)
    {
        if (value.Length > LargestValue - XattrCodec.ValueOverhead)
        {
            return VaultStatus.NoSpace; // as file systems say that keep attributes in a block
        }

        if (name.SequenceEqual(LabelAttribute.Name))
        {
            VaultStatus found = Begin(id, out Node node, out PolicyDocument policy, out KeyId key);
            return found == VaultStatus.Ok ? _label.Set(caller, policy, node, key, value) : found;
        }

        VaultStatus status = BeginChange(caller, id, name, out AttributeOwner owner);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        byte[] stored = ArrayPool<byte>.Shared.Rent(value.Length + XattrCodec.ValueOverhead);
        lock (owner.Guard)
        {
            Span<byte> storedName = stackalloc byte[NameCodec.MaxStoredName];
            int nameLength = XattrCodec.SpellName(_drive.Keys.XattrNames, owner.Id, name, storedName);
            Span<byte> sealedValue = stored.AsSpan(0, value.Length + XattrCodec.ValueOverhead);
            if (nameLength >= 0)
            {
                XattrCodec.SealValue(owner.Key, owner.Id, name, value, sealedValue);
            }

            status = nameLength < 0 ? VaultStatus.Range : _drive.Store.SetXattr(owner.Handle, storedName[..nameLength], sealedValue, create, replace);
        }

        ArrayPool<byte>.Shared.Return(stored);
        owner.End(_drive);
        return status;
    }

    public VaultStatus Remove(in Caller caller, NodeId id, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(LabelAttribute.Name))
        {
            VaultStatus found = Begin(id, out _, out _, out KeyId key);
            return found == VaultStatus.Ok ? _label.Remove(key) : found;
        }

        VaultStatus status = BeginChange(caller, id, name, out AttributeOwner owner);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        Span<byte> storedName = stackalloc byte[NameCodec.MaxStoredName];
        int nameLength = XattrCodec.SpellName(_drive.Keys.XattrNames, owner.Id, name, storedName);
        status = nameLength < 0 ? VaultStatus.NoAttribute : _drive.Store.RemoveXattr(owner.Handle, storedName[..nameLength]);
        owner.End(_drive);
        return status;
    }

    /// <summary>The label is not listed, though it can be asked for by name: programs that copy attributes would carry it elsewhere. Whoever may not read the object sees none.</summary>
    public VaultStatus List(in Caller caller, NodeId id, Span<byte> names, out int length)
    {
        length = 0;
        VaultStatus status = Begin(id, out Node node, out PolicyDocument policy, out KeyId key);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotSupported ? VaultStatus.Ok : status;
        }

        if (!_drive.Gate.Decide(new Visit(caller, policy, AuditEvent.Open, node, default, ""), key, AccessAction.Read).Allowed)
        {
            return status;
        }

        status = Take(node, out AttributeOwner owner);
        if (status == VaultStatus.Ok)
        {
            status = ListSealed(owner, names, ref length);
            owner.End(_drive);
        }

        return status;
    }

    private VaultStatus Begin(NodeId id, out Node node, out PolicyDocument policy, out KeyId key)
    {
        policy = _drive.Gate.Policy;
        key = default;
        VaultStatus status = _drive.Find(id, out node);
        if (status == VaultStatus.Ok && node.Kind is not (NodeKind.File or NodeKind.Directory))
        {
            status = VaultStatus.NotSupported;
        }

        return status == VaultStatus.Ok ? _drive.Report(_drive.Labels.Read(node, policy.LabelEpoch, out key), node, "the header is not authentic") : status;
    }

    private VaultStatus BeginChange(in Caller caller, NodeId id, ReadOnlySpan<byte> name, out AttributeOwner owner)
    {
        owner = default;
        if (!name.StartsWith(Family))
        {
            return VaultStatus.NotSupported;
        }

        VaultStatus status = Begin(id, out Node node, out PolicyDocument policy, out KeyId key);
        if (status == VaultStatus.Ok && name.StartsWith(Reserved))
        {
            status = VaultStatus.NotPermitted;
        }

        if (status == VaultStatus.Ok)
        {
            var visit = new Visit(caller, policy, AuditEvent.Change, node, default, "attribute " + Encoding.UTF8.GetString(name));
            status = _drive.Gate.AuthorizeQuietly(visit, AccessAction.Write, key);
        }

        return status == VaultStatus.Ok ? Take(node, out owner) : status;
    }

    private VaultStatus GetSealed(Node node, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        VaultStatus status = Take(node, out AttributeOwner owner);
        if (status == VaultStatus.Ok)
        {
            status = _drive.Report(GetSealed(owner, name, value, out length), node, "an extended attribute is not authentic");
            owner.End(_drive);
        }

        return status;
    }

    private VaultStatus GetSealed(in AttributeOwner owner, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        Span<byte> storedName = stackalloc byte[NameCodec.MaxStoredName];
        int nameLength = XattrCodec.SpellName(_drive.Keys.XattrNames, owner.Id, name, storedName);
        if (nameLength < 0)
        {
            return VaultStatus.NoAttribute;
        }

        byte[] buffer = value.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(Math.Min(value.Length, LargestValue) + XattrCodec.ValueOverhead);
        VaultStatus status = _drive.Store.GetXattr(owner.Handle, storedName[..nameLength], buffer, out int stored);
        if (status == VaultStatus.Ok)
        {
            length = stored - XattrCodec.ValueOverhead;
            if (length < 0)
            {
                status = VaultStatus.Corrupt;
            }
            else if (!value.IsEmpty)
            {
                status = length > value.Length ? VaultStatus.Range
                    : XattrCodec.TryOpenValue(owner.Key, owner.Id, name, buffer.AsSpan(0, stored), value[..length]) ? VaultStatus.Ok
                    : VaultStatus.Corrupt;
            }
        }

        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return status;
    }

    private VaultStatus ListSealed(in AttributeOwner owner, Span<byte> names, ref int length)
    {
        byte[] stored = ArrayPool<byte>.Shared.Rent(LargestValue);
        Span<byte> plain = stackalloc byte[NameCodec.MaxStoredName];
        VaultStatus status = _drive.Store.ListXattr(owner.Handle, stored, out int storedLength);
        ReadOnlySpan<byte> rest = stored.AsSpan(0, status == VaultStatus.Ok ? storedLength : 0);
        while (status == VaultStatus.Ok && !rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            ReadOnlySpan<byte> name = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (name.StartsWith(XattrCodec.StoredPrefix) && XattrCodec.TryReadName(_drive.Keys.XattrNames, owner.Id, name, plain, out int plainLength))
            {
                status = Append(plain[..plainLength], names, ref length);
            }
        }

        ArrayPool<byte>.Shared.Return(stored);
        return status == VaultStatus.NotSupported ? VaultStatus.Ok : status;
    }

    private static VaultStatus Append(ReadOnlySpan<byte> name, Span<byte> names, ref int length)
    {
        int start = length;
        length += name.Length + 1;
        if (names.IsEmpty)
        {
            return VaultStatus.Ok;
        }

        if (length > names.Length)
        {
            return VaultStatus.Range;
        }

        name.CopyTo(names[start..]);
        names[length - 1] = 0;
        return VaultStatus.Ok;
    }

    private VaultStatus Take(Node node, out AttributeOwner owner)
    {
        owner = default;
        if (node.Kind == NodeKind.Directory)
        {
            VaultStatus entered = _drive.Records.Enter(node, out FolderLease lease);
            owner = entered == VaultStatus.Ok ? new AttributeOwner(node, lease.Handle, null, _drive.Keys.Directory, lease.Id.Value) : default;
            return entered;
        }

        VaultStatus status = _drive.Contents.Acquire(node, false, out FileContent? content);
        if (status == VaultStatus.Ok)
        {
            owner = new AttributeOwner(node, content!.Handle, content, null, default);
        }

        return _drive.Report(status, node, "the header is not authentic");
    }
}

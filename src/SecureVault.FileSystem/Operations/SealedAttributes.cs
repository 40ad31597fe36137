using System;
using System.Buffers;
using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Extended attributes as they are stored: names and values sealed under their owner's key. Decides nothing and records nothing but damage.</summary>
/// <remarks>Any thread. What is written goes under the owner's Guard.</remarks>
internal sealed class SealedAttributes
{
    /// <summary>Most bytes of a value: what a Linux kernel takes, less what sealing adds.</summary>
    public const int LargestValue = LargestStored - XattrCodec.ValueOverhead;

    private const int LargestStored = 64 * 1024;

    private readonly Drive _drive;

    public SealedAttributes(Drive drive) => _drive = drive;

    /// <summary>The object, the policy to decide by and the object's label; NotSupported for what cannot have attributes.</summary>
    public VaultStatus Find(NodeId id, out Node node, out PolicyDocument policy, out KeyId key)
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

    /// <summary>Opens what the attributes belong to; owes an End when Ok.</summary>
    public VaultStatus Take(Node node, out AttributeOwner owner)
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

    /// <summary>As the other, of an object that is opened for it.</summary>
    public VaultStatus Get(Node node, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        VaultStatus status = Take(node, out AttributeOwner owner);
        if (status == VaultStatus.Ok)
        {
            status = _drive.Report(Get(owner, name, value, out length), node, "an extended attribute is not authentic");
            owner.End(_drive);
        }

        return status;
    }

    /// <summary>Copies the value when it fits, else Range; an empty value asks for the length only.</summary>
    public VaultStatus Get(in AttributeOwner owner, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        Span<byte> storedName = stackalloc byte[NameCodec.MaxStoredName];
        int nameLength = XattrCodec.SpellName(_drive.Keys.XattrNames, owner.Id, name, storedName);
        if (nameLength < 0)
        {
            return VaultStatus.NoAttribute;
        }

        byte[] buffer = value.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(Math.Min(value.Length, LargestStored) + XattrCodec.ValueOverhead);
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

    /// <summary>create and replace as XATTR_CREATE and XATTR_REPLACE. Under the owner's Guard.</summary>
    public VaultStatus Set(in AttributeOwner owner, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace)
    {
        Span<byte> storedName = stackalloc byte[NameCodec.MaxStoredName];
        int nameLength = XattrCodec.SpellName(_drive.Keys.XattrNames, owner.Id, name, storedName);
        if (nameLength < 0)
        {
            return VaultStatus.Range;
        }

        byte[] stored = ArrayPool<byte>.Shared.Rent(value.Length + XattrCodec.ValueOverhead);
        Span<byte> sealedValue = stored.AsSpan(0, value.Length + XattrCodec.ValueOverhead);
        XattrCodec.SealValue(owner.Key, owner.Id, name, value, sealedValue);
        VaultStatus status = _drive.Store.SetXattr(owner.Handle, storedName[..nameLength], sealedValue, create, replace);
        ArrayPool<byte>.Shared.Return(stored);
        return status;
    }

    public VaultStatus Remove(in AttributeOwner owner, ReadOnlySpan<byte> name)
    {
        Span<byte> storedName = stackalloc byte[NameCodec.MaxStoredName];
        int nameLength = XattrCodec.SpellName(_drive.Keys.XattrNames, owner.Id, name, storedName);
        return nameLength < 0 ? VaultStatus.NoAttribute : _drive.Store.RemoveXattr(owner.Handle, storedName[..nameLength]);
    }

    /// <summary>Appends NUL-terminated names to the length bytes that are there already; empty names asks for the length only.</summary>
    /// <param name="accessLists">With the names of access control lists.</param>
    public VaultStatus List(in AttributeOwner owner, bool accessLists, Span<byte> names, ref int length)
    {
        byte[] stored = ArrayPool<byte>.Shared.Rent(LargestStored);
        Span<byte> plain = stackalloc byte[NameCodec.MaxStoredName];
        VaultStatus status = _drive.Store.ListXattr(owner.Handle, stored, out int storedLength);
        ReadOnlySpan<byte> rest = stored.AsSpan(0, status == VaultStatus.Ok ? storedLength : 0);
        while (status == VaultStatus.Ok && !rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            ReadOnlySpan<byte> name = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (name.StartsWith(XattrCodec.StoredPrefix) && XattrCodec.TryReadName(_drive.Keys.XattrNames, owner.Id, name, plain, out int plainLength)
                && (accessLists || !AccessLists.IsName(plain[..plainLength])))
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
}

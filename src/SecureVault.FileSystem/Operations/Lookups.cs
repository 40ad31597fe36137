using System;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>What only looks: lookup, attributes, links' targets, opens.</summary>
internal sealed class Lookups
{
    private readonly Drive _drive;

    public Lookups(Drive drive) => _drive = drive;

    public VaultStatus Lookup(NodeId parent, ReadOnlySpan<byte> name, out NodeEntry entry)
    {
        entry = default;
        VaultStatus status = _drive.Enter(parent, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        EntryName stored = default;
        status = _drive.Resolver.Lookup(folder, name, ref stored, out StoreStat stat, out Node? node);
        folder.Dispose();
        if (status == VaultStatus.Ok)
        {
            _drive.Resolver.Fill(stat, node!, out entry);
        }

        return status;
    }

    /// <summary>As Lookup; where no name is spelled so, the first in the order of bytes that differs in case only. spelled has room for 255 bytes.</summary>
    public VaultStatus LookupAnyCase(NodeId parent, ReadOnlySpan<byte> name, Span<byte> spelled, out int length, out NodeEntry entry)
    {
        length = name.Length;
        VaultStatus status = Lookup(parent, name, out entry);
        if (status == VaultStatus.Ok)
        {
            name.CopyTo(spelled);
        }

        if (status != VaultStatus.NotFound)
        {
            return status;
        }

        status = _drive.Enter(parent, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _drive.Cases.Find(folder, name, out byte[] found);
        folder.Dispose();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        found.CopyTo(spelled);
        length = found.Length;
        return Lookup(parent, found, out entry);
    }

    public void Forget(NodeId id, ulong count)
    {
        if (_drive.Nodes.Find(id) is { } node)
        {
            _drive.Nodes.Forget(node, count);
        }
    }

    public VaultStatus GetAttributes(NodeId id, out NodeAttributes attributes)
    {
        attributes = default;
        VaultStatus status = _drive.Find(id, out Node node);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        Place? seen = node.Place;
        status = _drive.Resolver.Stat(node, out StoreStat stat);
        if (status == VaultStatus.Stale && Drive.Settles(node, seen))
        {
            status = _drive.Resolver.Stat(node, out stat);
        }

        if (status == VaultStatus.Ok)
        {
            _drive.Resolver.Fill(stat, node, out attributes);
        }

        return status;
    }

    public VaultStatus ReadSymlink(NodeId id, Span<byte> target, out int length)
    {
        length = 0;
        VaultStatus status = _drive.Find(id, out Node node);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (node.Kind != NodeKind.Symlink || node.Place is not { } place)
        {
            return node.Kind != NodeKind.Symlink ? VaultStatus.Invalid : VaultStatus.Stale;
        }

        status = _drive.Handles.Acquire(place.Parent, out StoreHandle? folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        Span<byte> stored = stackalloc byte[4096];
        status = _drive.Store.ReadSymlink(folder!, place.Stored, stored, out int storedLength);
        place.Parent.Folder!.Release();
        if (status == VaultStatus.Ok && !_drive.Symlinks.TryOpen(stored[..storedLength], target, out length))
        {
            status = VaultStatus.Corrupt;
        }

        return _drive.Report(status, node, "the link's target is not authentic");
    }

    public VaultStatus Open(in Caller caller, NodeId id, OpenIntent intent, out OpenFile? file, out bool keepCache)
    {
        file = null;
        keepCache = false;
        VaultStatus status = _drive.Find(id, out Node node);
        if (status == VaultStatus.Ok && node.Kind != NodeKind.File)
        {
            status = node.Kind == NodeKind.Directory ? VaultStatus.IsDirectory : VaultStatus.Invalid;
        }

        if (status != VaultStatus.Ok)
        {
            return status;
        }

        var visit = new Visit(caller, _drive.Gate.Policy, AuditEvent.Open, node, default, Spell(intent));
        Place? seen = node.Place;
        status = _drive.Gate.Open(visit, intent, out file);
        if (status == VaultStatus.Stale && Drive.Settles(node, seen))
        {
            status = _drive.Gate.Open(visit, intent, out file);
        }

        bool truncates = (intent & OpenIntent.Truncate) != 0;
        if (status == VaultStatus.Ok && truncates)
        {
            status = file!.TruncateAtOpen();
            if (status != VaultStatus.Ok)
            {
                file.Release();
                file = null;
            }
        }

        keepCache = status == VaultStatus.Ok && node.File!.CacheIsGood && !truncates;
        node.File!.CacheIsGood |= status == VaultStatus.Ok;
        return _drive.Report(status, node, "the header is not authentic");
    }

    /// <summary>Finds a folder, decides whether its names may be listed, and pins it: the caller owes one Unpin.</summary>
    public VaultStatus PinFolder(in Caller caller, NodeId id, out Node node)
    {
        VaultStatus status = _drive.Find(id, out node);
        if (status == VaultStatus.Ok && node.Kind != NodeKind.Directory)
        {
            status = VaultStatus.NotDirectory;
        }

        if (status != VaultStatus.Ok)
        {
            return status;
        }

        PolicyDocument policy = _drive.Gate.Policy;
        status = _drive.Labels.Read(node, policy.LabelEpoch, out KeyId key);
        if (status == VaultStatus.Ok)
        {
            var visit = new Visit(caller, policy, AuditEvent.Open, node, default, "list");
            status = _drive.Gate.AuthorizeQuietly(visit, AccessAction.List, key);
        }

        if (status == VaultStatus.Ok && !node.TryPin())
        {
            status = VaultStatus.Stale;
        }

        return status;
    }

    public VaultStatus GetStatistics(out StoreStatistics statistics)
    {
        VaultStatus status = _drive.Store.GetStatistics(_drive.Handles.RootHandle, out statistics);
        statistics.NameLength = NameCodec.MaxPlainName;
        return status;
    }

    private static string Spell(OpenIntent intent) => (intent & (OpenIntent.Read | OpenIntent.Write | OpenIntent.Append | OpenIntent.Truncate)) switch
    {
        OpenIntent.Read => "read",
        OpenIntent.Write => "write",
        OpenIntent.Read | OpenIntent.Write => "read, write",
        OpenIntent.Write | OpenIntent.Append or OpenIntent.Append => "append",
        OpenIntent.Write | OpenIntent.Truncate => "write, truncate",
        OpenIntent.Read | OpenIntent.Write | OpenIntent.Truncate => "read, write, truncate",
        _ => intent.ToString(),
    };
}

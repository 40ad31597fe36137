using System;
using System.Collections.Generic;
using SecureVault.Dokan.Names;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>The folder that a path leads to and the name in it; what was looked up on the way is held until Dispose.</summary>
internal readonly struct PathWalk : IDisposable
{
    private readonly VaultFileSystem _engine;

    private PathWalk(VaultFileSystem engine, NodeId[] above, byte[] name)
    {
        _engine = engine;
        Above = above;
        Name = name;
    }

    /// <summary>Folders on the way, the root first; the last holds the name. Empty when the path is the root.</summary>
    public NodeId[] Above { get; }

    /// <summary>The last name as asked for; empty when the path is the root.</summary>
    public byte[] Name { get; }

    public bool IsRoot => Above.Length == 0;

    public NodeId Parent => Above[^1];

    /// <returns>ObjectPathNotFound when a folder on the way does not exist or is none; what NtPath says of a bad path.</returns>
    public static NtStatus To(VaultFileSystem engine, string path, out PathWalk walk)
    {
        walk = new PathWalk(engine, [], []);
        NtStatus status = NtPath.Parse(path, out NtPath rest);
        if (status != NtStatus.Success || rest.AtEnd)
        {
            return status;
        }

        var above = new List<NodeId>(8) { NodeId.Root };
        Span<byte> name = stackalloc byte[NtName.MaxBytes];
        while (true)
        {
            status = rest.Next(name, out int length);
            if (status == NtStatus.Success && rest.AtEnd)
            {
                walk = new PathWalk(engine, [.. above], name[..length].ToArray());
                return NtStatus.Success;
            }

            if (status == NtStatus.Success)
            {
                status = Enter(engine, above, name[..length]);
            }

            if (status != NtStatus.Success)
            {
                new PathWalk(engine, [.. above], []).Dispose();
                return status;
            }
        }
    }

    public void Dispose()
    {
        for (int i = 1; i < Above?.Length; i++)
        {
            _engine.Forget(Above[i], 1);
        }
    }

    private static NtStatus Enter(VaultFileSystem engine, List<NodeId> above, ReadOnlySpan<byte> name)
    {
        Span<byte> spelled = stackalloc byte[NtName.MaxBytes];
        VaultStatus status = engine.LookupAnyCase(above[^1], name, spelled, out _, out NodeEntry entry);
        if (status != VaultStatus.Ok)
        {
            return status is VaultStatus.NotFound or VaultStatus.Stale or VaultStatus.NotDirectory ? NtStatus.ObjectPathNotFound : StatusMap.ToNt(status);
        }

        above.Add(entry.Node);
        return entry.Attributes.Kind == NodeKind.Directory ? NtStatus.Success : NtStatus.ObjectPathNotFound;
    }
}

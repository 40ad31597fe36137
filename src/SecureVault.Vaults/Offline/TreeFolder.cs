using System;
using System.Text;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>A folder of the encrypted tree, open without any kernel. Owns its handle.</summary>
internal sealed class TreeFolder(StoreHandle handle, in DirectoryRecord record, string path) : IDisposable
{
    public StoreHandle Handle => handle;

    /// <summary>As it was when the folder was opened.</summary>
    public DirectoryRecord Record { get; } = record;

    /// <summary>Inside the vault, "/" for the root; invalid UTF-8 shown as U+FFFD.</summary>
    public string Path => path;

    /// <summary>Path of an entry, for a person.</summary>
    public string PathOf(ReadOnlySpan<byte> name) => $"{path.TrimEnd('/')}/{Encoding.UTF8.GetString(name)}";

    public void Dispose() => handle.Dispose();
}

/// <summary>One name in a folder. Name is the plain bytes.</summary>
internal sealed record TreeEntry(byte[] Stored, byte[] Name, NameTag Tag, NodeKind Kind);

/// <summary>A stored entry that is not what a vault's folder may hold. Damage is false for leftovers that do no harm.</summary>
internal readonly record struct StrayEntry(byte[] Stored, string Problem, bool Damage);

using System;
using System.Text;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>Where an object of the tree is stored.</summary>
/// <param name="Stored">Full path of the stored file, folder or link.</param>
/// <param name="Companion">Full path of the file with its long name; empty when the name needs none.</param>
public sealed record StoredObject(string Path, NodeKind Kind, string Stored, string Companion);

/// <summary>Finds stored paths by plain ones, with or without a drive running.</summary>
/// <remarks>One thread.</remarks>
public sealed class VaultWhere
{
    private readonly Vault _vault;
    private readonly VaultTree _tree;

    public VaultWhere(Vault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        _vault = vault;
        _tree = new VaultTree(vault);
    }

    /// <param name="path">Inside the vault, beginning with a slash.</param>
    public VaultResult Find(string path, out StoredObject? found)
    {
        ArgumentNullException.ThrowIfNull(path);
        found = null;
        string stored = System.IO.Path.Combine(System.IO.Path.GetFullPath(_vault.Folder), "root");
        string companion = "";
        var kind = NodeKind.Directory;
        VaultStatus status = _tree.OpenRoot(out TreeFolder? folder);
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            status = status == VaultStatus.Ok && folder is null ? VaultStatus.NotDirectory : status;
            TreeEntry? entry = null;
            status = status == VaultStatus.Ok ? _tree.Find(folder!, RawText.ToBytes(part), out entry) : status;
            if (status != VaultStatus.Ok)
            {
                break;
            }

            companion = CompanionOf(stored, entry!);
            stored = System.IO.Path.Combine(stored, Encoding.ASCII.GetString(entry!.Stored));
            kind = entry.Kind;
            status = Descend(ref folder, entry);
        }

        folder?.Dispose();
        found = status == VaultStatus.Ok ? new StoredObject(RawText.Shown(path), kind, stored, companion) : null;
        return status switch
        {
            VaultStatus.Ok => VaultResult.Ok,
            VaultStatus.NotFound or VaultStatus.NotDirectory or VaultStatus.Invalid or VaultStatus.NameTooLong => VaultMessages.Failed($"{path} does not exist in {_vault.Folder}."),
            _ => VaultMessages.Store(path, "Finding", status),
        };
    }

    /// <summary>The folder below, or none when it is no folder.</summary>
    private VaultStatus Descend(ref TreeFolder? folder, TreeEntry entry)
    {
        TreeFolder parent = folder!;
        folder = null;
        using (parent)
        {
            return entry.Kind == NodeKind.Directory ? _tree.OpenFolder(parent, entry, out folder) : VaultStatus.Ok;
        }
    }

    private static string CompanionOf(string folder, TreeEntry entry)
    {
        Span<byte> name = stackalloc byte[NameCodec.MaxStoredName];
        bool isLong = entry.Stored.AsSpan().EndsWith(".long"u8);
        return isLong ? System.IO.Path.Combine(folder, Encoding.ASCII.GetString(name[..NameCodec.CompanionName(entry.Stored, name)])) : "";
    }
}

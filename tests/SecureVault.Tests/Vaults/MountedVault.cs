using System;
using System.Text;
using SecureVault.FileSystem;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Gate;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>A drive without a kernel, of a vault that is open.</summary>
internal sealed class MountedVault : IDisposable
{
    private readonly VaultSession _session;
    private readonly VaultFileSystem _files;

    public MountedVault(Vault vault)
    {
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/drive", out VaultSession? session));
        _session = session!;
        _files = VaultFileSystem.Over(vault, _session, new FakeCallers(), vault.Clock);
    }

    /// <summary>Reads an object's label by its path, as a caller without any right would.</summary>
    public VaultStatus Look(string path)
    {
        NodeId at = NodeId.Root;
        var caller = new Caller(54_321, 54_321, 1);
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            VaultStatus found = _files.Lookup(at, Encoding.UTF8.GetBytes(name), out NodeEntry entry);
            if (found != VaultStatus.Ok)
            {
                return found;
            }

            at = entry.Node;
        }

        VaultStatus status = _files.GetXattr(caller, at, "user.securevault.label"u8, [], out _);
        return status is VaultStatus.NoAttribute or VaultStatus.Range ? VaultStatus.Ok : status;
    }

    /// <summary>Renames within the root folder, over what is there.</summary>
    public VaultStatus Rename(uint uid, string name, string newName) =>
        _files.Rename(new Caller(uid, uid, 1), NodeId.Root, Encoding.UTF8.GetBytes(name), NodeId.Root, Encoding.UTF8.GetBytes(newName), RenameKind.Replace);

    public void Dispose()
    {
        _files.Shutdown();
        _session.Dispose();
    }
}

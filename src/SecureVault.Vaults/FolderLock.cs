using System;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>A lock among processes: flock on an empty file of the folder jobs, made when it is missing. Dispose lets go.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly StoreHandle _file;

    private FolderLock(StoreHandle file) => _file = file;

    /// <summary>Busy answers Failed when wait is false.</summary>
    public static VaultResult Take(VaultParts parts, ReadOnlySpan<byte> name, bool wait, out FolderLock? held)
    {
        held = null;
        if (parts.Refusal is { } refusal)
        {
            return VaultMessages.Failed(refusal);
        }

        string path = $"{parts.Path}/jobs";
        VaultStatus status = parts.OpenWorkFolder(VaultNames.Jobs, out StoreHandle? jobs);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotFound ? VaultMessages.Damaged(path, "is missing") : VaultMessages.Store(path, "Opening", status);
        }

        using (jobs)
        {
            status = parts.Store.OpenFile(jobs!, name, StoreOpen.ReadWrite | StoreOpen.Create, VaultNames.FileMode, out StoreHandle? file);
            if (status == VaultStatus.Ok)
            {
                status = parts.Store.Lock(file!, wait);
                held = status == VaultStatus.Ok ? new FolderLock(file!) : null;
                if (held is null)
                {
                    file!.Dispose();
                }
            }
        }

        return status == VaultStatus.Ok ? VaultResult.Ok : VaultMessages.Store($"{path}/{System.Text.Encoding.UTF8.GetString(name)}", "Locking", status);
    }

    public void Dispose() => _file.Dispose();
}

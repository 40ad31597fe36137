using System;
using System.IO;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults;

/// <summary>The folder a vault is made in: missing or empty before, and gone again when it was made in vain.</summary>
internal sealed class NewFolder(string path)
{
    private bool _made;

    private string? Parent => Path.GetDirectoryName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>Checks the folder, and makes it (0700) when it is missing.</summary>
    public VaultResult Prepare()
    {
        try
        {
            if (File.Exists(path))
            {
                return VaultMessages.Failed($"{path} is a file: name a folder that is missing or empty.");
            }

            if (Directory.Exists(path))
            {
                return CheckEmpty();
            }

            if (Parent is { } parent && !Directory.Exists(parent))
            {
                return VaultMessages.Failed($"{parent} does not exist: make it first.");
            }

            Make();
            return VaultResult.Ok;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException
                ? new VaultResult(VaultError.NotPermitted, $"Making {path} is not permitted to this user.")
                : VaultMessages.Failed($"Making {path} failed: {e.Message}");
        }
    }

    /// <summary>Makes the folder's own name durable.</summary>
    public void SyncParent(IBackingStore store)
    {
        if (_made && Parent is { } parent && store.OpenRoot(parent, out StoreHandle? above) == VaultStatus.Ok)
        {
            using (above)
            {
                store.Sync(above!, false);
            }
        }
    }

    /// <summary>Removes the folder if Prepare made it.</summary>
    public void Remove()
    {
        if (!_made)
        {
            return;
        }

        try
        {
            Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something else is in it by now; the answer already says that the vault was not made.
        }
    }

    private VaultResult CheckEmpty()
    {
        using var entries = Directory.EnumerateFileSystemEntries(path).GetEnumerator();
        if (!entries.MoveNext())
        {
            return VaultResult.Ok;
        }

        return File.Exists(Path.Combine(path, "securevault.json"))
            ? VaultMessages.Failed($"{path} is a vault already.")
            : VaultMessages.Failed($"{path} is not empty: a vault is made in a folder that is missing or empty.");
    }

    private void Make()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _made = true;
    }
}

using SecureVault.Terms;

namespace SecureVault.Vaults;

/// <summary>Answers for a person: what, which, what to do.</summary>
internal static class VaultMessages
{
    public static VaultResult Failed(string message) => new(VaultError.Failed, message);

    /// <summary>Stored bytes are not what they must be. Names the file; nothing has been overwritten.</summary>
    public static VaultResult Damaged(string path, string problem) =>
        new(VaultError.Damaged, $"{path} {problem}. Nothing was changed: put this file back from a backup of the vault.");

    /// <summary>An older copy was put back.</summary>
    public static VaultResult Older(string path, string versions, string anchor) =>
        new(VaultError.Damaged, $"{path} is older than the one this machine has seen ({versions}): an old copy was put back. If you restored a backup on purpose, remove {anchor} and try again.");

    /// <summary>The backing store refused.</summary>
    public static VaultResult Store(string path, string what, VaultStatus status) => status switch
    {
        VaultStatus.Denied or VaultStatus.NotPermitted => new(VaultError.NotPermitted, $"{what} {path} is not permitted to this user: run as the owner of the vault."),
        VaultStatus.ReadOnly => Failed($"{what} {path} failed: it is on a read-only file system. Make it writable, or copy the vault to one that is."),
        VaultStatus.NoSpace => Failed($"{what} {path} failed: no space is left. Free some and try again."),
        VaultStatus.NotFound => Failed($"{what} {path} failed: it does not exist."),
        VaultStatus.NotDirectory => Failed($"{what} {path} failed: it is not a folder."),
        VaultStatus.Exists => Failed($"{what} {path} failed: it exists already."),
        VaultStatus.TooManyOpen => Failed($"{what} {path} failed: too many files are open. Raise the limit (ulimit -n)."),
        VaultStatus.Busy => Failed($"{what} {path} failed: it is in use by another process. Try again when that has ended."),
        VaultStatus.Corrupt => new(VaultError.Damaged, $"{what} {path} failed: its stored bytes are damaged. Run: securevault verify"),
        _ => Failed($"{what} {path} failed: the disk or file system answered {status}."),
    };
}

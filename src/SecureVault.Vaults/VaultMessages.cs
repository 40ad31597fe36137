using System.Collections.Generic;
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
    public static VaultResult Older(string vault, string file, string versions) =>
        new(VaultError.Damaged, $"{vault}/{file} is older than the one this machine has seen ({versions}): an old copy was put back. {Restoring(vault)}");

    /// <summary>A copy that went its own way was put in place.</summary>
    public static VaultResult Another(string vault, ulong record) =>
        new(VaultError.Damaged, $"{vault}/audit/log is not the log this machine has seen (record {record} differs): another copy was put back. {Restoring(vault)}");

    /// <summary>A copy beside the vault it was made of.</summary>
    public static string Copy(string vault, string original) =>
        $"{vault} is a copy of {original}, the vault that this machine knows. To look into it: securevault mount --read-only {ShellWord.Of(vault)} MOUNTPOINT; to make it a vault of its own: securevault adopt {ShellWord.Of(vault)}; "
        + $"to let it take the place of {original}: move that away, then securevault restored {ShellWord.Of(vault)}";

    /// <summary>Another process of this machine serves a drive of the vault, from another folder than this one: its own would have been busy.</summary>
    public static VaultResult LiveElsewhere(VaultParts parts)
    {
        string where = parts.Anchor.Read(parts.Id).Place is { } place && place != VaultMemory.Here(parts) ? $" (it was opened last in {place.Path})" : "";
        return new VaultResult(VaultError.AlreadyMounted, $"{parts.Path}: a drive of this vault, or of a copy of it, is live on this machine{where}. Unmount it first; securevault status lists drives.");
    }

    /// <summary>Documents of one vault but of different times.</summary>
    public static VaultResult Mixed(string vault, string file, string problem) =>
        new(VaultError.Damaged, $"{vault}/{file} {problem}. Nothing was changed: put this file back from a backup of the vault. {Restoring(vault)}");

    /// <summary>The store did not take the last of it.</summary>
    public static VaultResult Unsaved(string vault, VaultStatus status) =>
        Failed($"{vault}: its disk or file system did not take the end of the mount ({status}). What was written last may not be saved, nor the last records of who opened what. See to the disk; the next mount recovers what is there, and securevault verify {ShellWord.Of(vault)} tells what is damaged.");

    /// <summary>The cause in brackets; empty when it is not known.</summary>
    public static string Because(string problem) => problem.Length > 0 ? $" ({problem})" : "";

    private static string Restoring(string vault) => $"If you restored a backup on purpose: securevault restored {ShellWord.Of(vault)}; only to look into it: securevault mount --read-only {ShellWord.Of(vault)} MOUNTPOINT";

    /// <summary>The file system under the vault cannot hold one.</summary>
    public static VaultResult Unfit(string path, IReadOnlyList<string> missing) =>
        Failed($"{path} lies on a file system that does not {string.Join(", and does not ", missing)}: a vault cannot be kept there. Use one that does (ext4, xfs, btrfs, tmpfs, NTFS on Windows, a share that keeps them).");

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

using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>Tells one stored version of a file from the next: each is a new inode, written once. Default = the file is missing.</summary>
internal readonly record struct StoredVersion(ulong Inode, long Size, FileTime Changed, FileTime Modified)
{
    public static StoredVersion Of(in StoreStat stat) => new(stat.Inode, stat.Size, stat.Changed, stat.Modified);
}

using System;
using SecureVault.Fuse.Native;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>What each status is called on Linux: a total function.</summary>
internal static class ErrnoMap
{
    /// <returns>0 for Ok, else a positive errno below 512. A value outside the enum is a bug and throws.</returns>
    public static int ToErrno(VaultStatus status) => status switch
    {
        VaultStatus.Ok => 0,
        VaultStatus.NotFound => Errno.ENOENT,
        VaultStatus.Exists => Errno.EEXIST,
        VaultStatus.NotDirectory => Errno.ENOTDIR,
        VaultStatus.IsDirectory => Errno.EISDIR,
        VaultStatus.NotEmpty => Errno.ENOTEMPTY,
        VaultStatus.Denied => Errno.EACCES,
        VaultStatus.NotPermitted => Errno.EPERM,
        VaultStatus.Corrupt => Errno.EIO,
        VaultStatus.InputOutput => Errno.EIO,
        VaultStatus.NoSpace => Errno.ENOSPC,
        VaultStatus.NameTooLong => Errno.ENAMETOOLONG,
        VaultStatus.Invalid => Errno.EINVAL,
        VaultStatus.NotSupported => Errno.EOPNOTSUPP,
        VaultStatus.ReadOnly => Errno.EROFS,
        VaultStatus.TooLarge => Errno.EFBIG,
        VaultStatus.NoAttribute => Errno.ENODATA,
        VaultStatus.Range => Errno.ERANGE,
        VaultStatus.BadHandle => Errno.EBADF,
        VaultStatus.NoSuchOffset => Errno.ENXIO,
        VaultStatus.TooManyLinks => Errno.EMLINK,
        VaultStatus.CrossDevice => Errno.EXDEV,
        VaultStatus.Busy => Errno.EBUSY,
        VaultStatus.TooManyOpen => Errno.ENFILE,
        VaultStatus.Stale => Errno.ESTALE,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A status without an errno."),
    };
}

using SecureVault.Terms;

namespace SecureVault.Storage.Linux.Native;

/// <summary>The kernel's error numbers and what each means to the engine: the room's only place that knows them.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int ENXIO = 6;
    internal const int E2BIG = 7;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int EXDEV = 18;
    internal const int ENODEV = 19;
    internal const int ENOTDIR = 20;
    internal const int EISDIR = 21;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int ETXTBSY = 26;
    internal const int EFBIG = 27;
    internal const int ENOSPC = 28;
    internal const int EROFS = 30;
    internal const int EMLINK = 31;
    internal const int ERANGE = 34;
    internal const int ENAMETOOLONG = 36;
    internal const int ENOSYS = 38;
    internal const int ENOTEMPTY = 39;
    internal const int ELOOP = 40;
    internal const int ENODATA = 61;
    internal const int EOVERFLOW = 75;
    internal const int EOPNOTSUPP = 95;
    internal const int ESTALE = 116;
    internal const int EDQUOT = 122;

    /// <summary>Total: a number not listed is a failure of the store.</summary>
    internal static VaultStatus ToStatus(int errno) => errno switch
    {
        0 => VaultStatus.Ok,
        EPERM => VaultStatus.NotPermitted,
        ENOENT => VaultStatus.NotFound,
        ENXIO => VaultStatus.NoSuchOffset,
        E2BIG or ERANGE => VaultStatus.Range,
        EBADF => VaultStatus.BadHandle,
        EAGAIN or EBUSY or ETXTBSY => VaultStatus.Busy,
        EACCES => VaultStatus.Denied,
        EEXIST => VaultStatus.Exists,
        EXDEV => VaultStatus.CrossDevice,
        ENOTDIR => VaultStatus.NotDirectory,
        EISDIR => VaultStatus.IsDirectory,
        EINVAL or ELOOP => VaultStatus.Invalid,
        ENFILE or EMFILE => VaultStatus.TooManyOpen,
        EFBIG or EOVERFLOW => VaultStatus.TooLarge,
        ENOSPC or EDQUOT => VaultStatus.NoSpace,
        EROFS => VaultStatus.ReadOnly,
        EMLINK => VaultStatus.TooManyLinks,
        ENAMETOOLONG => VaultStatus.NameTooLong,
        ENOTEMPTY => VaultStatus.NotEmpty,
        ENODATA => VaultStatus.NoAttribute,
        ENOSYS or EOPNOTSUPP or ENODEV => VaultStatus.NotSupported,
        ESTALE => VaultStatus.Stale,
        _ => VaultStatus.InputOutput,
    };
}

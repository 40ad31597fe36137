namespace SecureVault.Terms;

/// <summary>What every operation on a vault's files answers; each kernel maps all of them onto its own numbers.</summary>
public enum VaultStatus : byte
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>No such name, node or handle.</summary>
    NotFound,

    /// <summary>The name exists already.</summary>
    Exists,

    /// <summary>A folder was needed and this is none.</summary>
    NotDirectory,

    /// <summary>A folder was given where none may stand.</summary>
    IsDirectory,

    /// <summary>The folder still has entries.</summary>
    NotEmpty,

    /// <summary>The policy denies it (EACCES).</summary>
    Denied,

    /// <summary>The operation is not permitted on this object by anyone (EPERM).</summary>
    NotPermitted,

    /// <summary>Stored bytes are not authentic; never served (EIO).</summary>
    Corrupt,

    /// <summary>The backing store failed (EIO).</summary>
    InputOutput,

    /// <summary>The backing store or its quota is full (ENOSPC, EDQUOT).</summary>
    NoSpace,

    /// <summary>A name is longer than 255 bytes or a link target too long.</summary>
    NameTooLong,

    /// <summary>An argument no caller may give (EINVAL).</summary>
    Invalid,

    /// <summary>Not offered by this file system (EOPNOTSUPP).</summary>
    NotSupported,

    /// <summary>The backing store is read-only.</summary>
    ReadOnly,

    /// <summary>The file would exceed the largest size.</summary>
    TooLarge,

    /// <summary>No such extended attribute (ENODATA).</summary>
    NoAttribute,

    /// <summary>The caller's buffer is too small (ERANGE).</summary>
    Range,

    /// <summary>Handle not opened for this (EBADF).</summary>
    BadHandle,

    /// <summary>No data or hole past this offset (ENXIO).</summary>
    NoSuchOffset,

    /// <summary>Too many links to one file (EMLINK).</summary>
    TooManyLinks,

    /// <summary>Names lie in different stores (EXDEV).</summary>
    CrossDevice,

    /// <summary>The object is in use (EBUSY).</summary>
    Busy,

    /// <summary>Too many open files (ENFILE).</summary>
    TooManyOpen,

    /// <summary>The node's backing object is gone (ESTALE).</summary>
    Stale,
}

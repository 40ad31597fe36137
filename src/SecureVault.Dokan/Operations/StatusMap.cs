using System;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>What each status is called on Windows: a total function.</summary>
internal static class StatusMap
{
    /// <returns>A value outside the enum is a bug and throws.</returns>
    public static NtStatus ToNt(VaultStatus status) => status switch
    {
        VaultStatus.Ok => NtStatus.Success,
        VaultStatus.NotFound => NtStatus.ObjectNameNotFound,
        VaultStatus.Exists => NtStatus.ObjectNameCollision,
        VaultStatus.NotDirectory => NtStatus.NotADirectory,
        VaultStatus.IsDirectory => NtStatus.FileIsADirectory,
        VaultStatus.NotEmpty => NtStatus.DirectoryNotEmpty,
        VaultStatus.Denied => NtStatus.AccessDenied,
        VaultStatus.NotPermitted => NtStatus.AccessDenied,
        VaultStatus.Corrupt => NtStatus.FileCorrupt,
        VaultStatus.InputOutput => NtStatus.IoDeviceError,
        VaultStatus.NoSpace => NtStatus.DiskFull,
        VaultStatus.NameTooLong => NtStatus.NameTooLong,
        VaultStatus.Invalid => NtStatus.InvalidParameter,
        VaultStatus.NotSupported => NtStatus.NotSupported,
        VaultStatus.ReadOnly => NtStatus.MediaWriteProtected,
        VaultStatus.TooLarge => NtStatus.FileTooLarge,
        VaultStatus.NoAttribute => NtStatus.ObjectNameNotFound,
        VaultStatus.Range => NtStatus.BufferTooSmall,
        VaultStatus.BadHandle => NtStatus.AccessDenied,
        VaultStatus.NoSuchOffset => NtStatus.EndOfFile,
        VaultStatus.TooManyLinks => NtStatus.TooManyLinks,
        VaultStatus.CrossDevice => NtStatus.NotSameDevice,
        VaultStatus.Busy => NtStatus.SharingViolation,
        VaultStatus.TooManyOpen => NtStatus.TooManyOpenedFiles,
        VaultStatus.Stale => NtStatus.ObjectNameNotFound,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A status without an NTSTATUS."),
    };
}

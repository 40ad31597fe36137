using SecureVault.Terms;

namespace SecureVault.Storage.Windows.Native;

/// <summary>The NTSTATUS values that a file system answers (MS-ERREF 2.3.1) and what each means to the engine: the room's only place that knows them.</summary>
internal static class NtStatus
{
    internal const uint STATUS_BUFFER_OVERFLOW = 0x80000005;
    internal const uint STATUS_NO_MORE_FILES = 0x80000006;
    internal const uint STATUS_NOT_IMPLEMENTED = 0xC0000002;
    internal const uint STATUS_INVALID_INFO_CLASS = 0xC0000003;
    internal const uint STATUS_INVALID_HANDLE = 0xC0000008;
    internal const uint STATUS_INVALID_PARAMETER = 0xC000000D;
    internal const uint STATUS_NO_SUCH_DEVICE = 0xC000000E;
    internal const uint STATUS_NO_SUCH_FILE = 0xC000000F;
    internal const uint STATUS_INVALID_DEVICE_REQUEST = 0xC0000010;
    internal const uint STATUS_END_OF_FILE = 0xC0000011;
    internal const uint STATUS_ACCESS_DENIED = 0xC0000022;
    internal const uint STATUS_OBJECT_TYPE_MISMATCH = 0xC0000024;
    internal const uint STATUS_OBJECT_NAME_INVALID = 0xC0000033;
    internal const uint STATUS_OBJECT_NAME_NOT_FOUND = 0xC0000034;
    internal const uint STATUS_OBJECT_NAME_COLLISION = 0xC0000035;
    internal const uint STATUS_OBJECT_PATH_INVALID = 0xC0000039;
    internal const uint STATUS_OBJECT_PATH_NOT_FOUND = 0xC000003A;
    internal const uint STATUS_OBJECT_PATH_SYNTAX_BAD = 0xC000003B;
    internal const uint STATUS_SHARING_VIOLATION = 0xC0000043;
    internal const uint STATUS_QUOTA_EXCEEDED = 0xC0000044;
    internal const uint STATUS_FILE_LOCK_CONFLICT = 0xC0000054;
    internal const uint STATUS_LOCK_NOT_GRANTED = 0xC0000055;
    internal const uint STATUS_DELETE_PENDING = 0xC0000056;
    internal const uint STATUS_DISK_FULL = 0xC000007F;
    internal const uint STATUS_INSUFFICIENT_RESOURCES = 0xC000009A;
    internal const uint STATUS_MEDIA_WRITE_PROTECTED = 0xC00000A2;
    internal const uint STATUS_FILE_IS_A_DIRECTORY = 0xC00000BA;
    internal const uint STATUS_NOT_SUPPORTED = 0xC00000BB;
    internal const uint STATUS_BAD_NETWORK_PATH = 0xC00000BE;
    internal const uint STATUS_NETWORK_BUSY = 0xC00000BF;
    internal const uint STATUS_NETWORK_ACCESS_DENIED = 0xC00000CA;
    internal const uint STATUS_BAD_NETWORK_NAME = 0xC00000CC;
    internal const uint STATUS_NOT_SAME_DEVICE = 0xC00000D4;
    internal const uint STATUS_FILE_RENAMED = 0xC00000D5;
    internal const uint STATUS_DIRECTORY_NOT_EMPTY = 0xC0000101;
    internal const uint STATUS_NOT_A_DIRECTORY = 0xC0000103;
    internal const uint STATUS_NAME_TOO_LONG = 0xC0000106;
    internal const uint STATUS_TOO_MANY_OPENED_FILES = 0xC000011F;
    internal const uint STATUS_CANNOT_DELETE = 0xC0000121;
    internal const uint STATUS_FILE_DELETED = 0xC0000123;
    internal const uint STATUS_FILE_CLOSED = 0xC0000128;
    internal const uint STATUS_INVALID_LEVEL = 0xC0000148;
    internal const uint STATUS_RANGE_NOT_LOCKED = 0xC000007E;
    internal const uint STATUS_PRIVILEGE_NOT_HELD = 0xC0000061;
    internal const uint STATUS_INVALID_OWNER = 0xC000005A;
    internal const uint STATUS_USER_MAPPED_FILE = 0xC0000243;
    internal const uint STATUS_TOO_MANY_LINKS = 0xC0000265;
    internal const uint STATUS_NOT_A_REPARSE_POINT = 0xC0000275;
    internal const uint STATUS_IO_REPARSE_TAG_NOT_HANDLED = 0xC0000279;
    internal const uint STATUS_REPARSE_POINT_ENCOUNTERED = 0xC000050B;
    internal const uint STATUS_STOPPED_ON_SYMLINK = 0x8000002D;
    internal const uint STATUS_FILE_TOO_LARGE = 0xC0000904;
    internal const uint STATUS_VIRUS_INFECTED = 0xC0000906;

    /// <summary>True for success and the informational values.</summary>
    internal static bool IsOk(int status) => status >= 0;

    /// <summary>True when the file system does not know the request at all, so that an older one may be tried.</summary>
    internal static bool IsUnknownRequest(int status) => unchecked((uint)status) is
        STATUS_INVALID_INFO_CLASS or STATUS_INVALID_PARAMETER or STATUS_NOT_SUPPORTED or STATUS_NOT_IMPLEMENTED or STATUS_INVALID_DEVICE_REQUEST or STATUS_INVALID_LEVEL;

    /// <summary>Total: a failure that is not listed is one of the store.</summary>
    internal static VaultStatus ToStatus(int status) => status >= 0 ? VaultStatus.Ok : unchecked((uint)status) switch
    {
        STATUS_OBJECT_NAME_NOT_FOUND or STATUS_OBJECT_PATH_NOT_FOUND or STATUS_NO_SUCH_FILE or STATUS_DELETE_PENDING => VaultStatus.NotFound,
        STATUS_BAD_NETWORK_PATH or STATUS_BAD_NETWORK_NAME or STATUS_NO_SUCH_DEVICE => VaultStatus.NotFound,
        STATUS_OBJECT_NAME_COLLISION => VaultStatus.Exists,
        STATUS_NOT_A_DIRECTORY => VaultStatus.NotDirectory,
        STATUS_FILE_IS_A_DIRECTORY => VaultStatus.IsDirectory,
        STATUS_DIRECTORY_NOT_EMPTY => VaultStatus.NotEmpty,
        STATUS_ACCESS_DENIED or STATUS_NETWORK_ACCESS_DENIED or STATUS_VIRUS_INFECTED => VaultStatus.Denied,
        STATUS_CANNOT_DELETE or STATUS_PRIVILEGE_NOT_HELD or STATUS_INVALID_OWNER => VaultStatus.NotPermitted,
        STATUS_DISK_FULL or STATUS_QUOTA_EXCEEDED => VaultStatus.NoSpace,
        STATUS_NAME_TOO_LONG => VaultStatus.NameTooLong,
        STATUS_OBJECT_NAME_INVALID or STATUS_OBJECT_PATH_INVALID or STATUS_OBJECT_PATH_SYNTAX_BAD or STATUS_INVALID_PARAMETER or STATUS_RANGE_NOT_LOCKED => VaultStatus.Invalid,
        STATUS_STOPPED_ON_SYMLINK or STATUS_REPARSE_POINT_ENCOUNTERED or STATUS_IO_REPARSE_TAG_NOT_HANDLED or STATUS_NOT_A_REPARSE_POINT => VaultStatus.Invalid,
        STATUS_NOT_SUPPORTED or STATUS_NOT_IMPLEMENTED or STATUS_INVALID_INFO_CLASS or STATUS_INVALID_DEVICE_REQUEST or STATUS_INVALID_LEVEL => VaultStatus.NotSupported,
        STATUS_MEDIA_WRITE_PROTECTED => VaultStatus.ReadOnly,
        STATUS_FILE_TOO_LARGE => VaultStatus.TooLarge,
        STATUS_INVALID_HANDLE or STATUS_FILE_CLOSED or STATUS_OBJECT_TYPE_MISMATCH => VaultStatus.BadHandle,
        STATUS_TOO_MANY_LINKS => VaultStatus.TooManyLinks,
        STATUS_NOT_SAME_DEVICE => VaultStatus.CrossDevice,
        STATUS_SHARING_VIOLATION or STATUS_FILE_LOCK_CONFLICT or STATUS_LOCK_NOT_GRANTED or STATUS_USER_MAPPED_FILE or STATUS_NETWORK_BUSY => VaultStatus.Busy,
        STATUS_TOO_MANY_OPENED_FILES or STATUS_INSUFFICIENT_RESOURCES => VaultStatus.TooManyOpen,
        STATUS_FILE_DELETED or STATUS_FILE_RENAMED => VaultStatus.Stale,
        _ => VaultStatus.InputOutput,
    };
}

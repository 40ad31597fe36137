namespace SecureVault.Dokan.Values;

/// <summary>The NTSTATUS values this room answers, with their own numbers (MS-ERREF 2.3.1).</summary>
public enum NtStatus : uint
{
    Success = 0x00000000,

    /// <summary>The buffer holds a part, or nothing: the needed length is told.</summary>
    BufferOverflow = 0x80000005,
    NoMoreFiles = 0x80000006,
    InvalidHandle = 0xC0000008,
    InvalidParameter = 0xC000000D,

    /// <summary>No file in the folder matches.</summary>
    NoSuchFile = 0xC000000F,
    EndOfFile = 0xC0000011,
    AccessDenied = 0xC0000022,
    BufferTooSmall = 0xC0000023,
    ObjectNameInvalid = 0xC0000033,

    /// <summary>The last name of the path does not exist.</summary>
    ObjectNameNotFound = 0xC0000034,

    /// <summary>The name exists already. As the answer of a Create that may open what exists: it was opened, not made.</summary>
    ObjectNameCollision = 0xC0000035,

    /// <summary>A folder on the way does not exist.</summary>
    ObjectPathNotFound = 0xC000003A,
    DataError = 0xC000003E,
    SharingViolation = 0xC0000043,
    DeletePending = 0xC0000056,
    DiskFull = 0xC000007F,

    /// <summary>The token was given away below the level Impersonation.</summary>
    BadImpersonationLevel = 0xC00000A5,
    InsufficientResources = 0xC000009A,
    MediaWriteProtected = 0xC00000A2,
    FileIsADirectory = 0xC00000BA,
    NotSupported = 0xC00000BB,
    NotSameDevice = 0xC00000D4,
    InternalError = 0xC00000E5,
    DirectoryNotEmpty = 0xC0000101,
    NotADirectory = 0xC0000103,
    NameTooLong = 0xC0000106,
    TooManyOpenedFiles = 0xC000011F,

    /// <summary>The file may not be deleted: it is read-only.</summary>
    CannotDelete = 0xC0000121,
    IoDeviceError = 0xC0000185,
    FileTooLarge = 0xC0000904,
    TooManyLinks = 0xC0000265,

    /// <summary>The drive has been unmounted.</summary>
    VolumeDismounted = 0xC000026E,

    /// <summary>A link or another special object of Linux: it has no content that Windows could open.</summary>
    IoReparseTagNotHandled = 0xC0000279,

    /// <summary>Stored bytes are not authentic and are not served.</summary>
    FileCorrupt = 0xC0000102,
}

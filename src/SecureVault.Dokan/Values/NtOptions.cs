using System;

namespace SecureVault.Dokan.Values;

/// <summary>Options of a Create that mean something here (wdm.h, FILE_DIRECTORY_FILE and others); the rest are hints.</summary>
[Flags]
public enum NtOptions : uint
{
    None = 0,

    /// <summary>Only a folder will do.</summary>
    DirectoryFile = 0x1,
    WriteThrough = 0x2,
    SequentialOnly = 0x4,
    NoIntermediateBuffering = 0x8,

    /// <summary>Anything but a folder.</summary>
    NonDirectoryFile = 0x40,
    RandomAccess = 0x800,

    /// <summary>Removed when its last handle is cleaned up.</summary>
    DeleteOnClose = 0x1000,

    /// <summary>By number instead of name: not offered.</summary>
    OpenByFileId = 0x2000,
    OpenForBackupIntent = 0x4000,
    OpenReparsePoint = 0x200000,
}

using System;

namespace SecureVault.Dokan.Values;

/// <summary>ACCESS_MASK of a file or folder (MS-DTYP 2.4.3, MS-SMB2 2.2.13.1).</summary>
[Flags]
public enum NtAccess : uint
{
    None = 0,

    /// <summary>Read content; of a folder: list it.</summary>
    ReadData = 0x1,

    /// <summary>Write content; of a folder: make a file in it.</summary>
    WriteData = 0x2,

    /// <summary>Write at the end; of a folder: make a folder in it.</summary>
    AppendData = 0x4,
    ReadExtended = 0x8,
    WriteExtended = 0x10,
    Execute = 0x20,
    DeleteChild = 0x40,
    ReadAttributes = 0x80,
    WriteAttributes = 0x100,
    Delete = 0x10000,
    ReadControl = 0x20000,
    WriteSecurity = 0x40000,
    WriteOwner = 0x80000,
    Synchronize = 0x100000,
    SystemSecurity = 0x1000000,
    MaximumAllowed = 0x2000000,
    GenericAll = 0x10000000,
    GenericExecute = 0x20000000,
    GenericWrite = 0x40000000,
    GenericRead = 0x80000000,

    /// <summary>What GenericRead means for files.</summary>
    FileGenericRead = ReadControl | ReadData | ReadAttributes | ReadExtended | Synchronize,

    /// <summary>What GenericWrite means for files.</summary>
    FileGenericWrite = ReadControl | WriteData | WriteAttributes | WriteExtended | AppendData | Synchronize,

    /// <summary>What GenericExecute means for files.</summary>
    FileGenericExecute = ReadControl | Execute | ReadAttributes | Synchronize,

    /// <summary>What GenericAll means for files.</summary>
    FileAllAccess = FileGenericRead | FileGenericWrite | Execute | DeleteChild | Delete | WriteSecurity | WriteOwner,

    /// <summary>What the security page of Windows calls Modify.</summary>
    FileModify = FileGenericRead | FileGenericWrite | Execute | Delete,

    /// <summary>What the security page of Windows calls Read and execute.</summary>
    FileReadAndExecute = FileGenericRead | Execute,
}

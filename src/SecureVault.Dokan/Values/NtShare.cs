using System;

namespace SecureVault.Dokan.Values;

/// <summary>What a handle lets others do with the file meanwhile (FILE_SHARE_*).</summary>
[Flags]
public enum NtShare : uint
{
    None = 0,
    Read = 1,
    Write = 2,
    Delete = 4,
    All = Read | Write | Delete,
}

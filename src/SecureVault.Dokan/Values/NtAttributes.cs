using System;

namespace SecureVault.Dokan.Values;

/// <summary>Attributes of a file (MS-FSCC 2.6).</summary>
[Flags]
public enum NtAttributes : uint
{
    None = 0,
    ReadOnly = 0x1,
    Hidden = 0x2,
    System = 0x4,
    Directory = 0x10,
    Archive = 0x20,
    Normal = 0x80,
    Temporary = 0x100,
    NotContentIndexed = 0x2000,
}

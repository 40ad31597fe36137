using System;

namespace SecureVault.Terms;

/// <summary>How a file is to be opened.</summary>
[Flags]
public enum OpenIntent
{
    None = 0,
    Read = 1,
    Write = 2,
    Append = 4,
    Truncate = 8,
    Exclusive = 16,
}

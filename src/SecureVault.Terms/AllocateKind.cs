namespace SecureVault.Terms;

/// <summary>What fallocate does.</summary>
public enum AllocateKind : byte
{
    Allocate,
    AllocateKeepSize,
    PunchHole,
    ZeroRange,
    ZeroRangeKeepSize,
}

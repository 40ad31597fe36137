namespace SecureVault.Terms;

/// <summary>Which attributes to set; null = leave. AccessedNow and ModifiedNow set the current time.</summary>
public struct AttributeChange
{
    public uint? Mode;
    public uint? Uid;
    public uint? Gid;
    public long? Size;
    public FileTime? Accessed;
    public FileTime? Modified;
    public bool AccessedNow;
    public bool ModifiedNow;
    public bool ClearSetIds;
}

namespace SecureVault.Terms;

/// <summary>Space and file counts of the backing store.</summary>
public struct StoreStatistics
{
    public ulong Blocks;
    public ulong BlocksFree;
    public ulong BlocksAvailable;
    public ulong Files;
    public ulong FilesFree;
    public uint BlockSize;
    public uint NameLength;
}

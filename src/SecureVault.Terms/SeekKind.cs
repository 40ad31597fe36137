namespace SecureVault.Terms;

/// <summary>What lseek looks for.</summary>
public enum SeekKind : byte
{
    Data,
    Hole,
}

namespace SecureVault.Terms;

/// <summary>How a rename treats the target.</summary>
public enum RenameKind : byte
{
    Replace,
    NoReplace,
    Exchange,
}

namespace SecureVault.Terms;

/// <summary>A point in time: seconds and nanoseconds since 1970-01-01 UTC.</summary>
public readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    /// <summary>The later of two.</summary>
    public static FileTime Later(FileTime left, FileTime right) =>
        (left.Seconds, left.Nanoseconds).CompareTo((right.Seconds, right.Nanoseconds)) > 0 ? left : right;
}

namespace SecureVault.Fuse;

/// <summary>How an unmount ended.</summary>
public enum UnmountResult : byte
{
    /// <summary>Nothing is mounted there any more (lazy: the name is gone; the drive ends with its last open file).</summary>
    Done,

    /// <summary>Someone has a file open or works in a folder of the drive; it stays mounted.</summary>
    Busy,

    /// <summary>Nothing of this kind is mounted there.</summary>
    NotMounted,

    /// <summary>Nothing of it is mounted any more where this process can see it, and still it is served: another mount namespace has a copy of the mount, or files are open from before a lazy unmount.</summary>
    Held,

    /// <summary>The kernel or fusermount3 refused for another reason.</summary>
    Failed,
}

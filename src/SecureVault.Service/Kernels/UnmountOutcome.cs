namespace SecureVault.Service.Kernels;

/// <summary>How an unmount ended.</summary>
internal enum UnmountOutcome : byte
{
    /// <summary>The drive is gone, or was already.</summary>
    Done,

    /// <summary>Someone has a file open or works in a folder of the drive; it stays mounted.</summary>
    Busy,

    /// <summary>The system refused for another reason.</summary>
    Failed,
}

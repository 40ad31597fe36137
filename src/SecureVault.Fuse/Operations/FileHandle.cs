using System.Threading;

namespace SecureVault.Fuse.Operations;

/// <summary>An open file as the kernel's handle number names it.</summary>
internal sealed class FileHandle(IDriveFile file)
{
    private long _cleanEpoch = -1;

    public IDriveFile File => file;

    /// <summary>The set-id epoch in which the file was seen without set-id bits; -1 = never.</summary>
    public long CleanEpoch
    {
        get => Volatile.Read(ref _cleanEpoch);
        set => Volatile.Write(ref _cleanEpoch, value);
    }
}

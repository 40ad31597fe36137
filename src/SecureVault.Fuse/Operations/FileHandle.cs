using System.Threading;

namespace SecureVault.Fuse.Operations;

/// <summary>An open file as the kernel's handle number names it.</summary>
/// <param name="isDirect">What is read and written by it passes the kernel's pages by.</param>
internal sealed class FileHandle(IDriveFile file, bool isDirect)
{
    private long _cleanEpoch = -1;

    public IDriveFile File => file;

    public bool IsDirect => isDirect;

    /// <summary>The set-id epoch in which the file was seen without set-id bits; -1 = never.</summary>
    public long CleanEpoch
    {
        get => Volatile.Read(ref _cleanEpoch);
        set => Volatile.Write(ref _cleanEpoch, value);
    }
}

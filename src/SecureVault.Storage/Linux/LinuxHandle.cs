using SecureVault.Storage.Linux.Native;

namespace SecureVault.Storage.Linux;

/// <summary>A file descriptor.</summary>
internal sealed class LinuxHandle : StoreHandle
{
    internal LinuxHandle(int descriptor)
        : base(-1) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor is gone even when the system reports an error of earlier writes; those are asked for by Sync.</summary>
    protected override bool ReleaseHandle() => LibC.close(handle) == 0;
}

using System.Runtime.Versioning;
using SecureVault.Storage.Windows.Native;

namespace SecureVault.Storage.Windows;

/// <summary>A handle of the kernel, opened for synchronous calls. What was written through it is durable before it is closed.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsHandle : StoreHandle
{
    private readonly DirtyFiles _dirty;

    /// <param name="device">Serial number of the volume. No name leads to another one, so all that is opened below has the same.</param>
    internal WindowsHandle(nint handle, ulong device, bool appends, DirtyFiles dirty)
        : base(0)
    {
        _dirty = dirty;
        Device = device;
        Appends = appends;
        SetHandle(handle);
    }

    public override bool IsInvalid => handle is 0 or -1;

    internal ulong Device { get; set; }

    /// <summary>Every write goes to the end of the file.</summary>
    internal bool Appends { get; }

    /// <summary>Something was written since the last flush. DirtyFiles' own.</summary>
    internal volatile bool Unflushed;

    protected override bool ReleaseHandle()
    {
        _dirty.Closing(this, handle);
        return NtStatus.IsOk(NtDll.NtClose(handle));
    }
}

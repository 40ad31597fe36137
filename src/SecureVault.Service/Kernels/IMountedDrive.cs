using System;

namespace SecureVault.Service.Kernels;

/// <summary>A drive that is served by this process. Dispose ends it at once, whoever has files open.</summary>
/// <remarks>Any thread. It ends when it is unmounted, by whom ever; then every open handle has been released to the engine.</remarks>
internal interface IMountedDrive : IDisposable
{
    /// <summary>Open files and folders at this moment.</summary>
    int OpenHandles { get; }

    /// <summary>Where it is mounted now, which may be elsewhere than where it was; empty when no name of it is left.</summary>
    string Place { get; }

    /// <summary>Who holds it where this process's own names do not reach, for a person: "sleep (812) in another mount namespace"; empty when nobody is seen.</summary>
    string HoldersElsewhere();

    /// <summary>Waits until the drive has ended.</summary>
    void WaitUntilUnmounted();

    /// <summary>As above, but no longer than the timeout; false when the drive still lives.</summary>
    bool WaitUntilUnmounted(TimeSpan timeout);

    /// <summary>
    /// Unmounts. Done does not wait: call WaitUntilUnmounted next; after it no request is served. Busy also when files are open elsewhere, through a copy of the mount.
    /// error: one line for the user unless Done; of a busy drive, who is to close what, or empty where the drive does not know.
    /// </summary>
    UnmountOutcome Unmount(out string error);

    /// <summary>Brings what programs changed through shared mappings to the engine, while there still is a connection.</summary>
    void FlushMappings();
}

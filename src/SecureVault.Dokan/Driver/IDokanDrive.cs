using System;
using System.Collections.Generic;
using SecureVault.Dokan.Requestors;

namespace SecureVault.Dokan.Driver;

/// <summary>A drive letter served by this process. Dispose unmounts, whoever has files open, and waits for the calls under way.</summary>
/// <remarks>Any thread.</remarks>
public interface IDokanDrive : IDisposable
{
    /// <summary>Files and folders open now.</summary>
    int OpenHandles { get; }

    /// <summary>Who has files or folders open now, each process once.</summary>
    IReadOnlyList<Requestor> Holders { get; }

    /// <summary>Waits until the drive is gone; false when the timeout came first.</summary>
    bool WaitUntilUnmounted(TimeSpan timeout);

    /// <summary>Asks the driver to take the letter away; false when it refuses. Does not wait.</summary>
    bool Unmount();
}

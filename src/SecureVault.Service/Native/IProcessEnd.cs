using System;

namespace SecureVault.Service.Native;

/// <summary>Waits for the end of a process that is not ours, without asking again and again and without mistaking its successor for it.</summary>
internal interface IProcessEnd : IDisposable
{
    /// <summary>True when it ended within the time.</summary>
    bool Wait(TimeSpan patience, TimeProvider clock);
}

using System;
using System.Runtime.InteropServices;

namespace SecureVault.Service.Native;

/// <summary>The end of a process by a descriptor of it.</summary>
internal sealed class ProcessEnd : IProcessEnd
{
    private readonly int _descriptor;

    private ProcessEnd(int descriptor) => _descriptor = descriptor;

    /// <summary>Takes hold of the process; null when it has ended already.</summary>
    public static ProcessEnd? Of(int pid)
    {
        nint descriptor = Libc.pidfd_open(Libc.SYS_pidfd_open, pid, 0);
        return descriptor < 0 ? null : new ProcessEnd((int)descriptor);
    }

    public unsafe bool Wait(TimeSpan patience, TimeProvider clock)
    {
        long start = clock.GetTimestamp();
        while (true)
        {
            TimeSpan left = patience - clock.GetElapsedTime(start);
            var watched = new Libc.pollfd { fd = _descriptor, events = Libc.POLLIN };
            int ready = Libc.poll(&watched, 1, left > TimeSpan.Zero ? (int)left.TotalMilliseconds + 1 : 0);
            if (ready >= 0 || Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                return ready > 0;
            }
        }
    }

    public void Dispose() => _ = Libc.close(_descriptor);
}

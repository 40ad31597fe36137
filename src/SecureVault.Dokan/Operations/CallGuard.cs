using System;
using System.Threading;
using SecureVault.Dokan.Values;

namespace SecureVault.Dokan.Operations;

/// <summary>An operation on arguments that may live on the stack.</summary>
internal delegate NtStatus GuardedCall<T>(ref T arguments)
    where T : allows ref struct;

/// <summary>Stands around every operation: nothing runs after the drive has stopped, and no exception leaves the room.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class CallGuard(INtLog log) : IDisposable
{
    private readonly ManualResetEventSlim _idle = new(false);

    // Calls under way, and the flag that the drive has stopped, in one number so that both change in one step.
    private int _state;

    private const int Stopped = 1 << 30;

    public NtStatus Run(string operation, Func<NtStatus> call)
    {
        return Run(operation, ref call, static (ref Func<NtStatus> inner) => inner());
    }

    public NtStatus Run<T>(string operation, ref T arguments, GuardedCall<T> call)
        where T : allows ref struct
    {
        if (!TryEnter())
        {
            return NtStatus.VolumeDismounted;
        }

        try
        {
            return call(ref arguments);
        }
        catch (Exception e)
        {
            log.OperationFailed(operation, e);
            return NtStatus.InternalError;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Lets no call in any more and waits for those under way. True for the one caller that stopped it.</summary>
    public bool Stop()
    {
        int before = Interlocked.Or(ref _state, Stopped);
        if (before == 0)
        {
            _idle.Set();
        }

        _idle.Wait();
        return (before & Stopped) == 0;
    }

    public void Dispose() => _idle.Dispose();

    private bool TryEnter()
    {
        int state = Volatile.Read(ref _state);
        while ((state & Stopped) == 0)
        {
            int seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Stopped)
        {
            _idle.Set();
        }
    }
}

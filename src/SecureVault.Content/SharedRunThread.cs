using System;
using System.Linq;
using System.Threading;
using SecureVault.Storage.Local;

namespace SecureVault.Content;

/// <summary>A thread that helps with long runs of blocks, on one processor.</summary>
/// <remarks>
/// Neither the thread pool's nor free to move: the pool's threads look busily for more work after each item, and Linux wakes a thread on its waker's
/// processor once the machine is busy, also while another one has nothing to do (select_idle_sibling in kernel/sched/fair.c no longer
/// looks). Either way it would take turns with who asked for help. Started by the first long run; ends with the process.
/// </remarks>
internal sealed class SharedRunThread
{
    private const int Most = 4;

    private static readonly Lazy<SharedRunThread[]> All = new(Start);

    private readonly object _monitor = new();
    private readonly int _processor;
    private SharedRun? _asked;

    private SharedRunThread(int processor) => _processor = processor;

    /// <summary>How many can help one caller; 0 on a machine of one processor.</summary>
    internal static int Count { get; } = Math.Min(Environment.ProcessorCount, Most) - 1;

    /// <summary>Asks helpers of other processors than the caller's to come to a run; they may come when it is done. Any thread.</summary>
    internal static void Ask(SharedRun run, int helpers)
    {
        int here = Thread.GetCurrentProcessorId();
        foreach (SharedRunThread thread in All.Value)
        {
            if (helpers > 0 && thread._processor != here)
            {
                thread.Ask(run);
                helpers--;
            }
        }
    }

    private static SharedRunThread[] Start()
    {
        SharedRunThread[] threads = [.. ThreadPlace.Processors().Take(Count == 0 ? 0 : Count + 1).Select(p => new SharedRunThread(p))];
        foreach (SharedRunThread thread in threads)
        {
            new Thread(thread.Serve) { IsBackground = true, Name = $"shared run {thread._processor}" }.Start();
        }

        return threads;
    }

    private void Ask(SharedRun run)
    {
        lock (_monitor)
        {
            _asked = run;
            Monitor.Pulse(_monitor);
        }
    }

    private void Serve()
    {
        ThreadPlace.StayOn(_processor);
        while (true)
        {
            SharedRun run;
            lock (_monitor)
            {
                while (_asked is null)
                {
                    _ = Monitor.Wait(_monitor);
                }

                (run, _asked) = (_asked, null);
            }

            run.Help();
        }
    }
}

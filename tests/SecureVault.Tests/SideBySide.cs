using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace SecureVault.Tests;

/// <summary>Work of several threads at once.</summary>
/// <remarks>
/// Threads of their own: the pool has as many as the machine has processors, which the tests themselves occupy, and gives more only after seconds;
/// what is handed to it meanwhile runs one after the other, or not at all.
/// </remarks>
internal static class SideBySide
{
    /// <summary>Calls work once on each of so many threads, with their numbers from 0, all begun together; throws what one of them threw first.</summary>
    public static void Run(int threads, Action<int> work)
    {
        using var begun = new Barrier(threads);
        var failures = new ConcurrentQueue<Exception>();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(number => Start(() =>
        {
            begun.SignalAndWait();
            work(number);
        }, failures))];
        Array.ForEach(all, thread => Patience.Until(thread, "the end of all threads"));
        if (failures.TryPeek(out Exception? failure))
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private static Thread Start(Action work, ConcurrentQueue<Exception> failures)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        }) { IsBackground = true };
        thread.Start();
        return thread;
    }
}

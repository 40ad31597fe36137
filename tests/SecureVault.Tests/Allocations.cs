using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace SecureVault.Tests;

/// <summary>Holds an operation to its line of allocations.txt: bytes that one call may allocate on its thread in steady state.</summary>
internal static class Allocations
{
    private const int Calls = 50;
    private const int Rounds = 20;

    /// <summary>A call that allocates so much that it brings collections about is no reason to go on.</summary>
    private const int MostDisturbed = 10 * Rounds;

    /// <summary>Measures rounds of calls after a warm one, until one keeps to the budget.</summary>
    /// <remarks>
    /// An operation that allocates does so in every round. What is no cost of a call falls into some rounds only, as a queue of the thread pool that
    /// grows does. A collection of other tests' garbage counts what was left of this thread's allocation context: a round that had one proves
    /// nothing, and where a machine is so slow that each has one, rounds become shorter until they fit in between.
    /// </remarks>
    public static void Hold(string operation, Action call)
    {
        long budget = Budget()[operation];
        double least = double.MaxValue;
        int calls = Calls;
        Measure(call, calls);
        for (int undisturbed = 0, disturbed = 0; undisturbed < Rounds && disturbed < MostDisturbed && least > budget;)
        {
            int collections = GC.CollectionCount(0);
            least = Math.Min(least, (double)Measure(call, calls) / calls);
            if (collections == GC.CollectionCount(0))
            {
                undisturbed++;
            }
            else if (++disturbed % Rounds == 0)
            {
                calls = Math.Max(1, calls / 2);
            }
        }

        Assert.True(least <= budget, $"{operation} allocates {least} bytes a call, its budget in allocations.txt is {budget}.");
    }

    /// <summary>Bytes by operation.</summary>
    public static Dictionary<string, long> Budget() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "allocations.txt"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(f => f[0], f => long.Parse(f[1], CultureInfo.InvariantCulture));

    private static long Measure(Action call, int calls)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < calls; i++)
        {
            call();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

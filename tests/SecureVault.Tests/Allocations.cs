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

    /// <summary>Measures rounds of calls after a warm one, until one keeps to the budget.</summary>
    /// <remarks>
    /// An operation that allocates does so in every round. What is no cost of a call falls into some rounds only: a collection of another test's
    /// garbage, which counts what was left of this thread's allocation context; a queue of the thread pool that grows; a commit by the clock.
    /// </remarks>
    public static void Hold(string operation, Action call)
    {
        long budget = Budget()[operation] * Calls;
        Measure(call);
        long least = Measure(call);
        for (int round = 1; round < Rounds && least > budget; round++)
        {
            least = Math.Min(least, Measure(call));
        }

        Assert.True(least <= budget, $"{operation} allocates {(double)least / Calls} bytes a call, its budget in allocations.txt is {budget / Calls}.");
    }

    /// <summary>Bytes by operation.</summary>
    public static Dictionary<string, long> Budget() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "allocations.txt"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(f => f[0], f => long.Parse(f[1], CultureInfo.InvariantCulture));

    private static long Measure(Action call)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

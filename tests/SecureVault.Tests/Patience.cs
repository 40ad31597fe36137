using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace SecureVault.Tests;

/// <summary>How long tests wait for what will surely happen: one figure for all of them.</summary>
/// <remarks>
/// A wait ends as soon as what is awaited is there, so the figure is that of a machine at a tenth of its pace with others at work on it; only a fault
/// uses it up, and is told what was awaited. Who expects a fault sets SECUREVAULT_TEST_PATIENCE to fewer seconds.
/// </remarks>
internal static class Patience
{
    private const int LongestLook = 50; // milliseconds between two looks

    /// <summary>Ten minutes, or what the environment says.</summary>
    public static TimeSpan Long { get; } = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("SECUREVAULT_TEST_PATIENCE"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : 600);

    /// <summary>For a program that does minutes' worth of work by itself, as a build does.</summary>
    public static TimeSpan OfWork => 3 * Long;

    /// <summary>Looks again and again until the condition holds.</summary>
    /// <param name="what">What is awaited, for who reads why it failed.</param>
    public static void Until(Func<bool> condition, string what) => Until(condition, () => what);

    /// <summary>As above; what is awaited is asked for when it did not come.</summary>
    public static void Until(Func<bool> condition, Func<string> what)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int pause = 1; !condition(); pause = Math.Min(2 * pause, LongestLook))
        {
            bool patient = TimeProvider.System.GetElapsedTime(start) < Long;
            Held(patient, patient ? "" : what());
            Thread.Sleep(pause);
        }
    }

    public static void Until(ManualResetEventSlim set, string what) => Held(set.Wait(Long), what);

    public static void Until(SemaphoreSlim released, string what) => Held(released.Wait(Long), what);

    /// <summary>Until the thread has ended.</summary>
    public static void Until(Thread ended, string what) => Held(ended.Join(Long), what);

    /// <summary>Until the task has ended; what it threw is thrown.</summary>
    public static void Until(Task ended, string what)
    {
        Held(Task.WaitAny([ended], Long) == 0, what);
        ended.GetAwaiter().GetResult();
    }

    /// <summary>As above, and gives what it answered.</summary>
    public static T Of<T>(Task<T> answer, string what)
    {
        Until(answer, what);
        return answer.Result;
    }

    private static void Held(bool happened, string what) =>
        Assert.True(happened, string.Create(CultureInfo.InvariantCulture, $"Not within {Long.TotalSeconds} s: {what}."));
}

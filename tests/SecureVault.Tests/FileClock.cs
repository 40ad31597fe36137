using System;
using System.IO;

namespace SecureVault.Tests;

/// <summary>The clock by which the kernel notes the times of files: it moves in steps of some milliseconds.</summary>
internal static class FileClock
{
    /// <summary>Returns when it has moved on: what is changed next has another time than what was changed before.</summary>
    public static void Tick()
    {
        string file = Path.GetTempFileName();
        DateTime before = File.GetLastWriteTimeUtc(file);
        Patience.Until(() => TouchedAfter(file, before), "the next step of the files' clock");
        File.Delete(file);
    }

    private static bool TouchedAfter(string file, DateTime before)
    {
        File.WriteAllText(file, "x");
        return File.GetLastWriteTimeUtc(file) > before;
    }
}

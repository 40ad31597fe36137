using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests.Fuse;

/// <summary>How the threads wait at the device, with one caller and with many.</summary>
public sealed class ManyCallersTests : MemoryMount
{
    private const string Read = "fuse_dev_do_read";
    private const string Poll = "poll_schedule_timeout";

    /// <summary>Processes that ask for the space of the file system, which the kernel never remembers, until a file is there.</summary>
    private static string Asking(string mount, string stop, int processes) => $"""
        python3 - <<'END'
        import os
        for _ in range({processes} - 1):
            if os.fork() == 0:
                break
        while not os.path.exists("{stop}"):
            for _ in range(50):
                os.statvfs("{mount}")
        END
        """;

    /// <summary>Threads of the drive that sleep in this function of the kernel.</summary>
    private static int ThreadsIn(string function) => Directory.GetDirectories("/proc/self/task").Count(thread =>
    {
        try
        {
            return File.ReadAllText(thread + "/comm").StartsWith("fuse", StringComparison.Ordinal) && File.ReadAllText(thread + "/wchan").StartsWith(function, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // the thread ended
        }
    });

    [SkippableFact]
    public void Threads_sleep_at_the_device_while_many_ask_and_one_looks_while_one_does()
    {
        Require.Tool("python3");
        string m = Mount();
        string[] stop = [Path.GetTempFileName(), Path.GetTempFileName()];
        Array.ForEach(stop, File.Delete);
        try
        {
            Task<Ended> many = Task.Run(() => Programs.Shell(Asking(m, stop[0], 4)));
            Patience.Until(() => ThreadsIn(Read) > 1, "threads that sleep at the device");
            File.WriteAllText(stop[0], "");
            Assert.Equal(0, many.Result.ExitCode);

            Task<Ended> one = Task.Run(() => Programs.Shell(Asking(m, stop[1], 1)));
            Patience.Until(() => ThreadsIn(Read) == 0 && ThreadsIn(Poll) == 1, "one thread alone that looks");
            File.WriteAllText(stop[1], "");
            Assert.Equal(0, one.Result.ExitCode);
            Assert.Empty(Log.Lines);
        }
        finally
        {
            Array.ForEach(stop, File.Delete);
        }
    }
}

using System.Collections.Generic;
using System.Globalization;

namespace SecureVault.Service.Native;

/// <summary>
/// What a shell, a session's limits or a service manager hand down to a drive (getrlimit(2), signal(7)). A drive serves everybody, so none of it may end it
/// at somebody's request: limits are lifted as far as the system lets them be, and the signals that report them, or that have no meaning here, are ignored.
/// </summary>
internal static class InheritedLimits
{
    /// <summary>Fewer descriptors than this and a drive cannot do its work.</summary>
    public const ulong LeastDescriptors = 256;

    private static readonly nuint Unlimited = nuint.MaxValue;
    private const nuint Descriptors = 1 << 20;
    private const ulong FewDescriptors = 4096;

    // Each ends a process that does not handle it: those of limits and timers (an alarm outlives execve), and those that only mean something where they are awaited.
    private static readonly int[] Meaningless = [Libc.SIGUSR1, Libc.SIGUSR2, Libc.SIGALRM, Libc.SIGSTKFLT, Libc.SIGXCPU, Libc.SIGXFSZ, Libc.SIGVTALRM, Libc.SIGPROF, Libc.SIGIO, Libc.SIGPWR];

    /// <summary>For the whole process; not undone. What stays too low is returned, a sentence each.</summary>
    public static IReadOnlyList<string> Lift(out ulong descriptors)
    {
        foreach (int signal in Meaningless)
        {
            Libc.signal(signal, Libc.SIG_IGN);
        }

        List<string> low = [];
        Say(low, Raise(Libc.RLIMIT_FSIZE, Unlimited), "no stored file can become larger than {0} bytes (ulimit -f); who writes more gets: File too large");
        Say(low, Raise(Libc.RLIMIT_CPU, Unlimited), "the system will end the drive after {0} seconds of processor time (ulimit -t)");
        Say(low, Raise(Libc.RLIMIT_AS, Unlimited), "the drive may use no more than {0} bytes of address space (ulimit -v)");
        Say(low, Raise(Libc.RLIMIT_DATA, Unlimited), "the drive may use no more than {0} bytes of memory (ulimit -d)");
        descriptors = Raise(Libc.RLIMIT_NOFILE, Descriptors);
        if (descriptors < FewDescriptors)
        {
            Say(low, (nuint)descriptors, "the drive may have no more than {0} files open at a time (ulimit -n)");
        }

        return low;
    }

    /// <summary>Raises a limit to what is wanted, or as far as it goes; returns where it is then.</summary>
    private static nuint Raise(int resource, nuint wanted)
    {
        if (Libc.getrlimit(resource, out Libc.rlimit limit) != 0)
        {
            return wanted;
        }

        nuint hard = limit.rlim_max > wanted ? limit.rlim_max : wanted;
        if (Libc.setrlimit(resource, new Libc.rlimit { rlim_cur = hard, rlim_max = hard }) == 0)
        {
            return hard;
        }

        Libc.setrlimit(resource, new Libc.rlimit { rlim_cur = limit.rlim_max, rlim_max = limit.rlim_max });
        return limit.rlim_max;
    }

    private static void Say(List<string> low, nuint limit, string sentence)
    {
        if (limit != Unlimited)
        {
            low.Add(string.Format(CultureInfo.InvariantCulture, sentence, limit));
        }
    }
}

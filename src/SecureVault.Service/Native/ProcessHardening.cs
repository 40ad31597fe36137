using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace SecureVault.Service.Native;

/// <summary>Makes the process that serves a drive hard to look into.</summary>
internal static class ProcessHardening
{
    private const ulong CapabilityToLockMemory = 1UL << 14;

    /// <summary>No dumps, no tracing, no core files, no swap where allowed, many descriptors, umask 0.</summary>
    /// <remarks>
    /// Memory is locked on fault, so the address space the runtime reserves costs nothing; without the capability the limit
    /// would make later mappings fail, so then nothing is locked here. Any thread; for the whole process; not undone.
    /// </remarks>
    public static HardeningReport Apply()
    {
        bool undumpable = Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
        Libc.setrlimit(Libc.RLIMIT_CORE, default);
        bool locked = MayLockEverything() && Libc.mlockall(Libc.MCL_CURRENT | Libc.MCL_FUTURE | Libc.MCL_ONFAULT) == 0;
        _ = Libc.umask(0);
        return new HardeningReport(undumpable, locked, RaiseDescriptors());
    }

    /// <summary>After this no program started from here gains rights: not for a user's drive, which needs fusermount3 to unmount.</summary>
    public static bool ForbidNewPrivileges() => Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;

    /// <summary>A session of its own, so that closing the terminal does not end the drive. False when it leads one already.</summary>
    public static bool LeaveTerminal() => Libc.setsid() >= 0;

    /// <summary>Points standard input, output and error at /dev/null: whoever waits for their end is released.</summary>
    public static bool DetachStreams()
    {
        int nothing = Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (nothing < 0)
        {
            return false;
        }

        bool done = true;
        for (int stream = 0; stream <= 2; stream++)
        {
            done &= Libc.dup2(nothing, stream) == stream;
        }

        if (nothing > 2)
        {
            Libc.close(nothing);
        }

        return done;
    }

    /// <summary>Marks all open descriptors but the three streams so that a child does not get them; older kernels do not know it, and then a child may.</summary>
    public static void CloseOnExec() => _ = Libc.close_range(Libc.SYS_close_range, 3, uint.MaxValue, Libc.CLOSE_RANGE_CLOEXEC);

    private static ulong RaiseDescriptors()
    {
        if (Libc.getrlimit(Libc.RLIMIT_NOFILE, out Libc.rlimit limit) != 0)
        {
            return 0;
        }

        limit.rlim_cur = limit.rlim_max;
        return Libc.setrlimit(Libc.RLIMIT_NOFILE, limit) == 0 ? limit.rlim_max : 0;
    }

    private static bool MayLockEverything()
    {
        bool unlimited = Libc.getrlimit(Libc.RLIMIT_MEMLOCK, out Libc.rlimit limit) == 0 && limit.rlim_cur == nuint.MaxValue;
        return unlimited || (EffectiveCapabilities() & CapabilityToLockMemory) != 0;
    }

    private static ulong EffectiveCapabilities()
    {
        const string Field = "CapEff:";
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(Field, StringComparison.Ordinal))
            {
                return ulong.TryParse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set) ? set : 0;
            }
        }

        return 0;
    }

    /// <summary>What the system says of the last failed call.</summary>
    public static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}

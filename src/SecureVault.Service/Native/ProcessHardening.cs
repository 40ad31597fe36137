using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace SecureVault.Service.Native;

/// <summary>Makes the process that serves a drive hard to look into.</summary>
internal static class ProcessHardening
{
    /// <summary>"0": a runtime that starts with it has no diagnostic socket, no debugger and no profiler.</summary>
    public const string Diagnostics = "DOTNET_EnableDiagnostics";

    private const ulong CapabilityToLockMemory = 1UL << 14;

    /// <summary>No dumps, no tracing, no core files, no swap where allowed, no limit handed down that can be lifted, umask 0.</summary>
    /// <remarks>
    /// Memory is locked on fault, so the address space the runtime reserves costs nothing; without the capability the limit
    /// would make later mappings fail, so then nothing is locked here. Any thread; for the whole process; not undone.
    /// </remarks>
    public static HardeningReport Apply()
    {
        bool undumpable = ForbidDumps();
        bool locked = MayLockEverything() && Libc.mlockall(Libc.MCL_CURRENT | Libc.MCL_FUTURE | Libc.MCL_ONFAULT) == 0;
        _ = Libc.umask(0);
        IReadOnlyList<string> limits = InheritedLimits.Lift(out ulong descriptors);
        return new HardeningReport(undumpable, locked, descriptors, limits);
    }

    /// <summary>
    /// Called before a secret comes into this process: no core file, no tracing by others of the same user, and none of .NET's own ways in (the diagnostic socket, debugger,
    /// profiler), which the runtime only leaves out when a variable says so at its start. So where it was not set, this program starts itself again in this process, with the same arguments, and does not return.
    /// </summary>
    public static void Conceal()
    {
        if (Environment.GetEnvironmentVariable(Diagnostics) != "0")
        {
            StartAnew();
        }

        ForbidDumps();
    }

    private static bool ForbidDumps()
    {
        Libc.setrlimit(Libc.RLIMIT_CORE, default);
        return Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
    }

    private static unsafe void StartAnew()
    {
        byte[] line = File.ReadAllBytes("/proc/self/cmdline"); // each argument ends with a zero byte
        int count = line.AsSpan().Count((byte)0);
        byte** arguments = stackalloc byte*[count + 1];
        fixed (byte* first = line)
        {
            byte* at = first;
            for (int i = 0; i < count; i++)
            {
                arguments[i] = at;
                at += MemoryMarshal.CreateReadOnlySpanFromNullTerminated(at).Length + 1;
            }

            arguments[count] = null;
            RemoveDiagnosticFiles();
            Libc.setenv(Diagnostics, "0", 1);
            Libc.execv("/proc/self/exe", arguments);
        }

        throw new IOException($"The program could not start itself anew without diagnostics: {LastError()}");
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

    private static bool MayLockEverything()
    {
        bool unlimited = Libc.getrlimit(Libc.RLIMIT_MEMLOCK, out Libc.rlimit limit) == 0 && limit.rlim_cur == nuint.MaxValue;
        return unlimited || (EffectiveCapabilities() & CapabilityToLockMemory) != 0;
    }

    /// <summary>The runtime removes them at its end, which does not come: its socket and its debugger's pipes, in the folder for temporary files.</summary>
    private static void RemoveDiagnosticFiles()
    {
        foreach (string kind in (string[])["dotnet-diagnostic", "clr-debug-pipe"])
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetTempPath(), $"{kind}-{Environment.ProcessId}-*"))
            {
                File.Delete(file);
            }
        }
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

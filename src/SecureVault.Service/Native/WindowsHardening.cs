using System;
using System.IO;
using System.Runtime.Versioning;
using System.Security.AccessControl;

namespace SecureVault.Service.Native;

/// <summary>Makes the process that serves a drive hard to look into, as far as Windows lets a process do so.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsHardening
{
    /// <summary>
    /// The list of who may do what with this process, in SDDL: SYSTEM and Administrators all (0x1FFFFF); its own user may wait for it, end it and
    /// ask its name (SYNCHRONIZE, TERMINATE, QUERY_LIMITED_INFORMATION = 0x101001) and, by OW, gets no right to change this list as its owner.
    /// </summary>
    private const string OwnersRights = "D:P(A;;0x1fffff;;;SY)(A;;0x1fffff;;;BA)(A;;0x101001;;;OW)";

    /// <summary>No reading of this process's memory by other processes of its user, no crash dumps by Windows, no legacy extensions loaded into it.</summary>
    /// <remarks>
    /// Not done, for Windows has no such thing for a process: locking all memory (the Crypto room locks the key pages), keeping
    /// an administrator out. A driver or an administrator's debugger reads all.
    /// </remarks>
    public static HardeningReport Apply()
    {
        _ = Kernel32.SetErrorMode(Kernel32.SEM_FAILCRITICALERRORS | Kernel32.SEM_NOGPFAULTERRORBOX);
        uint disable = 1;
        _ = Kernel32.SetProcessMitigationPolicy(Kernel32.ProcessExtensionPointDisablePolicy, &disable, sizeof(uint));
        return new HardeningReport(CloseToItsUser(), MemoryLocked: false, Descriptors: 0, Limits: []);
    }

    /// <summary>Console output of a background process goes nowhere; its own console, which has no window, stays until its end.</summary>
    public static bool LeaveConsole()
    {
        bool done = true;
        foreach (int stream in (ReadOnlySpan<int>)[Kernel32.STD_INPUT_HANDLE, Kernel32.STD_OUTPUT_HANDLE, Kernel32.STD_ERROR_HANDLE])
        {
            nint handle = Kernel32.GetStdHandle(stream);
            _ = Kernel32.SetStdHandle(stream, 0); // first: the number may soon be another file's
            done &= handle is 0 or -1 || Kernel32.CloseHandle(handle);
        }

        Console.SetIn(TextReader.Null);
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        return done;
    }

    /// <summary>Takes the mark off the three streams that would hand them to a process started from here, whose life would keep their other ends waiting.</summary>
    public static void KeepStreams()
    {
        foreach (int stream in (ReadOnlySpan<int>)[Kernel32.STD_INPUT_HANDLE, Kernel32.STD_OUTPUT_HANDLE, Kernel32.STD_ERROR_HANDLE])
        {
            nint handle = Kernel32.GetStdHandle(stream);
            if (handle is not 0 and not -1)
            {
                _ = Kernel32.SetHandleInformation(handle, Kernel32.HANDLE_FLAG_INHERIT, 0);
            }
        }
    }

    private static bool CloseToItsUser()
    {
        var rights = new RawSecurityDescriptor(OwnersRights);
        byte[] descriptor = new byte[rights.BinaryLength];
        rights.GetBinaryForm(descriptor, 0);
        fixed (byte* bytes = descriptor)
        {
            return Kernel32.SetKernelObjectSecurity(Kernel32.GetCurrentProcess(), Kernel32.DACL_SECURITY_INFORMATION, bytes);
        }
    }
}

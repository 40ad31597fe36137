using System;
using System.IO;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;
using SecureVault.Terms;

namespace SecureVault.Service.Programs;

/// <summary>The program of each caller on Windows: the bytes of its image's file.</summary>
/// <remarks>
/// Any thread. Each question asks the process and its file anew; only hashes are remembered, by volume, file number, size and time of writing. Not done: the publisher of a signed image
/// (WinVerifyTrust), which libraries are loaded, and scripts, so an interpreter is never trusted. The file is opened by its name, the only way Windows offers: a running image can be renamed and
/// another file put in its place, where its user may write to the folder. So register only programs in folders that users may not write to, which the policy cannot check here. None of it was run on a real Windows machine.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsPrograms
{
    private const int LongestPath = 32 * 1024;
    private const ushort ConsoleProtocol = 0;

    private readonly ImageHashes _hashes = new(StampOf);

    /// <summary>Null when the process is gone, the system's own (0 and 4), may not be asked, or its file is gone.</summary>
    public ProgramIdentity? ProgramOf(int pid)
    {
        using SafeProcessHandle process = Open(pid, Kernel32.PROCESS_QUERY_LIMITED_INFORMATION);
        string path = process.IsInvalid ? "" : PathOf(process);
        if (path.Length == 0)
        {
            return null;
        }

        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[]? hash = _hashes.Of(file);
            return new ProgramIdentity(hash, path, distrust: hash is null ? "its image cannot be read" : Distrust(pid, path));
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Path of the program; empty when the process is gone, the system's own, or may not be asked.</summary>
    public static string PathOf(int pid)
    {
        using SafeProcessHandle process = Open(pid, Kernel32.PROCESS_QUERY_LIMITED_INFORMATION);
        return process.IsInvalid ? "" : PathOf(process);
    }

    /// <summary>"service" in session 0, "console" before the machine, "remote" through a desktop from afar; empty when not known.</summary>
    public static unsafe string SessionOf(int pid)
    {
        if (pid <= 0 || !Kernel32.ProcessIdToSessionId(pid, out uint session))
        {
            return "";
        }

        if (session == 0)
        {
            return "service";
        }

        if (!Kernel32.WTSQuerySessionInformation(0, session, Kernel32.WTSClientProtocolType, out ushort* protocol, out uint bytes))
        {
            return "";
        }

        string kind = bytes < sizeof(ushort) ? "" : *protocol == ConsoleProtocol ? "console" : "remote";
        Kernel32.WTSFreeMemory(protocol);
        return kind;
    }

    private static string Distrust(int pid, string path)
    {
        using SafeProcessHandle process = Open(pid, Kernel32.PROCESS_QUERY_INFORMATION);
        return process.IsInvalid || !Kernel32.CheckRemoteDebuggerPresent(process, out bool debugged) ? "whether it is debugged cannot be seen"
            : debugged ? "it is traced by another process"
            : Interpreters.Of(path) is not null ? "it is an interpreter, and scripts are not told apart on Windows"
            : "";
    }

    private static SafeProcessHandle Open(int pid, uint access) => pid <= 0 ? new SafeProcessHandle(0, ownsHandle: false) : Kernel32.OpenProcess(access, inherit: false, pid);

    private static unsafe string PathOf(SafeProcessHandle process)
    {
        char[] name = new char[LongestPath];
        uint length = LongestPath;
        fixed (char* characters = name)
        {
            return Kernel32.QueryFullProcessImageName(process, 0, characters, ref length) ? new string(name, 0, (int)length) : "";
        }
    }

    private static FileStamp? StampOf(SafeFileHandle file) =>
        Kernel32.GetFileInformationByHandle(file, out Kernel32.BY_HANDLE_FILE_INFORMATION told)
            ? new FileStamp(told.dwVolumeSerialNumber, Joined(told.nFileIndexHigh, told.nFileIndexLow), Joined(told.nFileSizeHigh, told.nFileSizeLow), unchecked((long)Joined(told.ftLastWriteTimeHigh, told.ftLastWriteTimeLow)), 0)
            : null;

    private static ulong Joined(uint high, uint low) => ((ulong)high << 32) | low;
}

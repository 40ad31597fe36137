using System;
using System.Buffers.Text;
using System.Linq;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;
using SecureVault.Terms;

namespace SecureVault.Service.Programs;

/// <summary>What one look at a process found.</summary>
/// <param name="Image">Of the executable at that time.</param>
/// <param name="Arguments">First bytes of an interpreter's command line, by which it is known when it starts itself anew; null for other programs.</param>
/// <param name="At">The clock's timestamp.</param>
internal sealed record Look(ProgramIdentity Identity, FileStamp Image, byte[]? Arguments, long At);

/// <summary>Looks at a process: its image by its bytes, its script where it is an interpreter, and every reason there is not to trust it.</summary>
/// <remarks>
/// Any thread. Everything is asked through one descriptor of the process's folder (proc(5)); that it runs another program meanwhile is seen at the end, and the look is made again.
/// What cannot be read is a reason not to trust. A user's own copy of a program has the right bytes and is refused all the same: programs find their parts, settings and plug-ins beside their image, and its
/// owner chooses those; on a file system without ETXTBSY he may also write to the image while it runs.
/// </remarks>
internal sealed class ProcessLook(string root, ImageHashes hashes, Mounts mounts, TimeProvider clock)
{
    /// <summary>What the kernel adds to the path of a file that has lost its name.</summary>
    public const string Deleted = " (deleted)";

    /// <summary>So much of a command line tells one start of an interpreter from another.</summary>
    public const int MostCompared = 4096;

    private const int Attempts = 3;
    private const int LongestArguments = 1 << 16, LongestEnvironment = 1 << 20, LongestStatus = 1 << 14;
    private const int MostThreads = 4096;
    private const int LongestShown = 100;
    private const string Threads = "its threads cannot be seen";

    /// <summary>Null when the process is gone, has no image (a kernel thread), may not be seen, or keeps turning into another program.</summary>
    public Look? At(ProcessFolder process)
    {
        for (int attempt = 0; attempt < Attempts && process.Facts("exe", out FileFacts image); attempt++)
        {
            Look found = Examine(process, image);
            if (process.Facts("exe", out FileFacts after) && after.Stamp == image.Stamp)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Number of the process that a thread belongs to; 0 when it is gone.</summary>
    public static int LeaderOf(ProcessFolder thread) => thread.Read("status", LongestStatus, out _) is { } status && Number(status, "Tgid:"u8) is { } leader ? leader : 0;

    /// <summary>A path as a sentence may hold it: not too long, no characters a terminal would obey.</summary>
    public static string Shown(string path)
    {
        string clean = string.Concat(path.Select(c => char.IsControl(c) ? '?' : c));
        return clean.Length <= LongestShown ? clean : $"...{clean[^LongestShown..]}";
    }

    private Look Examine(ProcessFolder process, in FileFacts image)
    {
        string path = process.Link("exe");
        byte[]? hash = Image(process, image, out string distrust);
        distrust = First(distrust, () => Tracing(process), () => Place(process), () => MappedCode.Weakness(process, mounts));
        byte[]? script = null, arguments = null;
        string scriptPath = "";
        if (Interpreters.Of(path) is { } interpreter)
        {
            script = Script(process, interpreter, out arguments, out scriptPath, out string fault);
            distrust = First(distrust, () => fault);
        }

        return new Look(new ProgramIdentity(hash, path, script, scriptPath, distrust), image.Stamp, arguments, clock.GetTimestamp());
    }

    private byte[]? Image(ProcessFolder process, FileFacts image, out string distrust)
    {
        string path = process.Link("exe");
        byte[]? hash = null;
        distrust = mounts.IsServed(image.Stamp.Device) ? "its image is served by a program (FUSE)" : "";
        if (distrust.Length == 0)
        {
            hash = hashes.Known(image.Stamp);
            using SafeFileHandle? file = hash is null ? process.OpenFile("exe", Libc.O_RDONLY) : null;
            hash ??= file is null ? null : hashes.Of(file);
        }

        string weakness = image.Weakness(mounts);
        distrust = First(
            distrust,
            () => hash is null ? "its image cannot be read" : "",
            () => image.Links == 0 || path.EndsWith(Deleted, StringComparison.Ordinal) ? "its image was replaced or deleted since it started" : "",
            () => Interpreters.IsLoader(path) ? "it was started through the dynamic loader by hand" : "",
            () => weakness.Length > 0 ? $"its image is a file {weakness}" : "");
        return hash;
    }

    private static string Tracing(ProcessFolder process)
    {
        string[] threads = process.Folders("task");
        if (threads.Length > MostThreads)
        {
            return "it has too many threads to look at";
        }

        bool seen = false;
        foreach (string thread in threads)
        {
            if (process.Read($"task/{thread}/status", LongestStatus, out _) is not { Length: > 0 } status)
            {
                continue; // that thread has ended
            }

            if (Number(status, "TracerPid:"u8) is not { } tracer)
            {
                return Threads;
            }

            if (tracer != 0)
            {
                return "it is traced by another process";
            }

            seen = true;
        }

        return seen ? "" : Threads;
    }

    // With a user namespace of his own a user may mount, and so put files of his in place of those a program finds by name; and say of his process that it runs another image (prctl(2), PR_SET_MM_EXE_FILE).
    private string Place(ProcessFolder process)
    {
        string own = ProcessFolder.LinkAt(Libc.AT_FDCWD, $"{root}/self/ns/user");
        return process.Link("ns/user") == own ? "" : "it runs in a user namespace of its own, where files may not be what their names say";
    }

    private byte[]? Script(ProcessFolder process, Interpreter interpreter, out byte[]? arguments, out string path, out string fault)
    {
        path = "";
        byte[] line = process.Read("cmdline", LongestArguments, out _) ?? [];
        arguments = line.AsSpan(0, Math.Min(line.Length, MostCompared)).ToArray();
        ScriptArguments named = ScriptArguments.Of(interpreter, line.AsSpan(0, line.AsSpan().LastIndexOf((byte)0) + 1));
        fault = First(named.Reason, () => Environment(process, interpreter));
        if (fault.Length > 0)
        {
            fault = $"it is an interpreter without a script to be told by: {fault}";
            return null;
        }

        using SafeFileHandle? file = VisibleFile.Open(process, mounts, named.Path, out FileFacts script, out path);
        byte[]? hash = file is null ? null : hashes.Of(file);
        string weakness = hash is null ? "" : script.Weakness(mounts);
        fault = hash is null ? $"its script {Shown(named.Path)} cannot be read, or is served by a program (FUSE)" : weakness.Length > 0 ? $"its script is a file {weakness}" : "";
        path = hash is null ? "" : path;
        return hash;
    }

    private static string Environment(ProcessFolder process, Interpreter interpreter)
    {
        byte[]? environment = process.Read("environ", LongestEnvironment, out bool whole);
        if (environment is null || !whole)
        {
            return environment is null ? "its environment cannot be read" : "its environment is too long to look at";
        }

        string[] beginnings = interpreter.Variables.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (string variable in Encoding.UTF8.GetString(environment).Split('\0'))
        {
            if (beginnings.Any(b => variable.StartsWith(b, StringComparison.Ordinal)))
            {
                return $"{Shown(variable.Split('=')[0])} is set in its environment";
            }
        }

        return "";
    }

    /// <summary>The number in a line of a status file; null when there is none.</summary>
    private static int? Number(ReadOnlySpan<byte> status, ReadOnlySpan<byte> field)
    {
        while (!status.IsEmpty)
        {
            int end = status.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? status : status[..end];
            if (line.StartsWith(field))
            {
                return Utf8Parser.TryParse(line[field.Length..].Trim(" \t"u8), out int number, out _) ? number : null;
            }

            status = end < 0 ? default : status[(end + 1)..];
        }

        return null;
    }

    /// <summary>The first reason there is; later ones are not asked for.</summary>
    private static string First(string known, params ReadOnlySpan<Func<string>> others)
    {
        foreach (Func<string> other in others)
        {
            known = known.Length > 0 ? known : other();
        }

        return known;
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using SecureVault.Cli.Demo.Native;
using SecureVault.Cli.Drives;
using SecureVault.Cli.Output;
using SecureVault.Service.Machines;

namespace SecureVault.Cli.Demo;

/// <summary>What really happened when a user opened a file for reading and for writing: 0 or the system's error number each.</summary>
/// <param name="ReadError">Of open and read.</param>
/// <param name="WriteError">Of open for writing; nothing is written.</param>
/// <param name="Start">First bytes read.</param>
internal sealed record ProbeAnswer(int ReadError, int WriteError, byte[] Start)
{
    /// <summary>EACCES.</summary>
    public const int Denied = 13;

    /// <summary>EIO.</summary>
    public const int InputOutput = 5;

    /// <summary>plaintext, read-only, denied, or the error's name.</summary>
    public string Outcome => (ReadError, WriteError) switch
    {
        (0, 0) => "plaintext",
        (0, Denied) => "read-only",
        (Denied, _) => "denied",
        (InputOutput, _) => "I/O error",
        _ => $"error {ReadError}/{WriteError}",
    };
}

/// <summary>
/// Opens files as another user, in a process of its own: started as the caller, it becomes the user for good, then reads paths
/// from standard input, one a line, and answers "READ WRITE HEX" for each. Everything it needs is loaded before, since the
/// user may have no access to the program's own folder.
/// </summary>
internal static unsafe class AccessProbe
{
    private const uint Nobody = 65000;
    private const int ReadOnly = 0, WriteOnly = 1, CloseOnExec = 0x80000, StartLength = 48;

    /// <summary>The user this process is; where users have no numbers, one nobody has.</summary>
    public static uint Self => SystemUsers.SelfNumber ?? Nobody;

    /// <summary>Parent: asks what the user gets for each path. The caller must be root, or the user itself.</summary>
    public static IReadOnlyList<ProbeAnswer> Ask(uint uid, IReadOnlyList<string> paths)
    {
        using Process child = SelfStart.Start(SelfStart.Probe, uid.ToString(CultureInfo.InvariantCulture));
        child.StandardInput.Write(string.Join('\n', paths));
        child.StandardInput.Close();
        var answers = new List<ProbeAnswer>(paths.Count);
        while (child.StandardOutput.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            answers.Add(new ProbeAnswer(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), Convert.FromHexString(parts[2])));
        }

        child.WaitForExit();
        return answers.Count == paths.Count ? answers : throw new IOException($"The process of user {uid} failed: {child.StandardError.ReadToEnd().Trim()}");
    }

    /// <summary>Child.</summary>
    public static int Run(uint uid)
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        using var text = new StreamReader(input, Encoding.UTF8);
        string[] paths = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _ = Line(Try("/dev/null"));
        if (uid != Libc.geteuid() && (Libc.setgroups(0, null) != 0 || Libc.setresgid(uid, uid, uid) != 0 || Libc.setresuid(uid, uid, uid) != 0))
        {
            Console.Error.WriteLine($"cannot become user {uid}: {Marshal.GetLastPInvokeErrorMessage()}");
            return ExitCodes.NotPermitted;
        }

        foreach (string path in paths)
        {
            output.Write(Line(Try(path)));
        }

        return ExitCodes.Done;
    }

    private static byte[] Line(ProbeAnswer answer) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{answer.ReadError} {answer.WriteError} {Convert.ToHexString(answer.Start)}\n"));

    private static ProbeAnswer Try(string path)
    {
        byte[] start = [];
        int readError = 0;
        int descriptor = Libc.open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            readError = Marshal.GetLastPInvokeError();
        }
        else
        {
            byte* buffer = stackalloc byte[StartLength];
            nint length = Libc.read(descriptor, buffer, StartLength);
            readError = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            start = length > 0 ? new Span<byte>(buffer, (int)length).ToArray() : [];
            _ = Libc.close(descriptor);
        }

        descriptor = Libc.open(path, WriteOnly | CloseOnExec);
        int writeError = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor >= 0)
        {
            _ = Libc.close(descriptor);
        }

        return new ProbeAnswer(readError, writeError, start);
    }
}

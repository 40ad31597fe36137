using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using SecureVault.Cli.Drives;
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

/// <summary>Asks a process that has become another user, ProbeChild, what really happens.</summary>
internal static class AccessProbe
{
    private const uint Nobody = 65000;

    /// <summary>The user this process is; where users have no numbers, one nobody has.</summary>
    public static uint Self => SystemUsers.SelfNumber ?? Nobody;

    /// <summary>Parent: asks what the user gets for each path. The caller must be root, or the user itself.</summary>
    public static IReadOnlyList<ProbeAnswer> Ask(uint uid, IReadOnlyList<string> paths)
    {
        using Process child = Start(ProbeChild.Look, uid);
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

    /// <summary>Parent: runs a real program on a path as the user; its exit code and the first line of what it says.</summary>
    public static (int ExitCode, string Said) RunProgram(uint uid, string program, string path)
    {
        using Process child = Start(ProbeChild.Execute, uid, program, path);
        child.StandardInput.Close();
        string output = child.StandardOutput.ReadToEnd();
        string error = child.StandardError.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, (child.ExitCode == 0 ? output : error).Split('\n')[0]);
    }

    /// <summary>A process of the probe's kind; the caller disposes of it.</summary>
    public static Process Start(string task, uint uid, params IEnumerable<string> more) =>
        SelfStart.Start([SelfStart.Probe, task, uid.ToString(CultureInfo.InvariantCulture), .. more]);
}

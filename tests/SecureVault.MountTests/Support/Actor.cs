using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using SecureVault.Tests;

namespace SecureVault.MountTests.Support;

/// <summary>A real user: a process that has become a uid and does file operations, answering "ok ..." or the errno's name.</summary>
public sealed class Actor : IDisposable
{
    private readonly Process _process;
    private readonly object _turn = new();

    public Actor(uint uid, uint? gid = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Programs.Actor);
        start.ArgumentList.Add(uid.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add((gid ?? uid).ToString(CultureInfo.InvariantCulture));
        start.Environment["HOME"] = "/tmp";
        start.WorkingDirectory = "/"; // the tests' own folder may be closed to that user
        _process = Process.Start(start)!;
        Xunit.Assert.Equal("ready", Answer(Patience.Long, "the actor's start"));
    }

    /// <summary>One operation; strings are Latin-1 byte strings by DoBytes, UTF-8 by Do.</summary>
    public string Do(string operation, params string[] operands) => Send(operation, operands, Encoding.UTF8, Patience.Long);

    /// <summary>As Do, with byte strings.</summary>
    public string DoBytes(string operation, params string[] operands) => Send(operation, operands, Encoding.Latin1, Patience.Long);

    /// <summary>Content of a file as text, or the errno's name.</summary>
    public string Read(string path, long offset = 0, int count = 1 << 20)
    {
        string answer = Do("read", path, offset.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture));
        return answer.StartsWith("ok ", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(answer[3..])) : answer;
    }

    /// <summary>Creates or replaces a file's text.</summary>
    public string Write(string path, string text) => Do("write", path, "rw,create,trunc", text, "0");

    /// <summary>Runs a shell command as this user; fails the test with what it printed unless it exits 0.</summary>
    public string Run(string command)
    {
        string[] answer = Send("run", [command], Encoding.UTF8, Patience.OfWork).Split(' ');
        string output = Encoding.UTF8.GetString(Convert.FromBase64String(answer[1]));
        Xunit.Assert.True(answer[0] == "ok", $"{command}: {answer[0]}\n{output}");
        return output;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience.Long))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private string Send(string operation, string[] operands, Encoding encoding, TimeSpan patience)
    {
        lock (_turn)
        {
            _process.StandardInput.WriteLine(string.Join(' ', operands.Select(o => Convert.ToBase64String(encoding.GetBytes(o))).Prepend(operation)));
            _process.StandardInput.Flush();
            return Answer(patience, $"the answer to {operation} {string.Join(' ', operands)}");
        }
    }

    private string Answer(TimeSpan patience, string what)
    {
        Task<string?> line = Task.Run(_process.StandardOutput.ReadLine);
        Xunit.Assert.True(line.Wait(patience), $"Not within {patience.TotalSeconds} s: {what}.");
        return line.Result ?? throw new InvalidOperationException("the actor ended");
    }
}

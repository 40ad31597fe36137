using System;
using System.Globalization;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Programs;
using SecureVault.Tests.Service;

namespace SecureVault.Tests.Programs;

/// <summary>A /proc of files, with processes as a test wants them.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _hashed;

    public FakeProc()
    {
        Directory.CreateDirectory(_folder["self/ns"]);
        File.WriteAllText(_folder["self/mountinfo"], "");
        File.CreateSymbolicLink(_folder["self/ns/user"], "user:[1]");
        Directory.CreateDirectory(Run);
        Programs = new LinuxPrograms(Clock, new ImageHashes(Hash, FileFacts.StampOf), _folder.Path, Run);
    }

    public FakeClock Clock { get; } = new();

    public LinuxPrograms Programs { get; }

    public string Run => _folder["run"];

    /// <summary>How often a file was read to be hashed.</summary>
    public int Hashed => _hashed;

    /// <summary>Called on each thread that hashes.</summary>
    public Action Hashing { get; set; } = () => { };

    /// <summary>An entry of a process.</summary>
    public string this[int pid, string entry] => _folder[$"{pid.ToString(CultureInfo.InvariantCulture)}/{entry}"];

    public string this[string entry] => _folder[entry];

    /// <summary>A process of one thread.</summary>
    public void Add(int pid, string exe = Child.Sleep, int tracer = 0, string maps = "", string arguments = "sleep\01\0", string environment = "")
    {
        Directory.CreateDirectory(this[pid, $"task/{pid.ToString(CultureInfo.InvariantCulture)}"]);
        Directory.CreateDirectory(this[pid, "ns"]);
        File.CreateSymbolicLink(this[pid, "exe"], exe);
        File.CreateSymbolicLink(this[pid, "root"], "/");
        File.CreateSymbolicLink(this[pid, "cwd"], _folder.Path);
        File.CreateSymbolicLink(this[pid, "ns/user"], "user:[1]");
        File.WriteAllText(this[pid, "cmdline"], arguments);
        File.WriteAllText(this[pid, "environ"], environment);
        File.WriteAllText(this[pid, "maps"], maps.Length > 0 ? maps : "7f00-7f01 r-xp 00000000 00:00 0 [vdso]\n");
        Say(pid, pid, 0);
        Say(pid, pid, tracer, $"task/{pid.ToString(CultureInfo.InvariantCulture)}/status");
    }

    /// <summary>A further thread.</summary>
    public void AddThread(int pid, int thread, int tracer)
    {
        Directory.CreateDirectory(this[pid, $"task/{thread.ToString(CultureInfo.InvariantCulture)}"]);
        Say(pid, pid, tracer, $"task/{thread.ToString(CultureInfo.InvariantCulture)}/status");
    }

    /// <summary>The status that says which process it is of.</summary>
    public void Say(int pid, int leader, int tracer, string entry = "status") =>
        File.WriteAllText(this[pid, entry], string.Create(CultureInfo.InvariantCulture, $"Name:\tx\nTgid:\t{leader}\nTracerPid:\t{tracer}\n"));

    public void Remove(int pid) => Directory.Delete(_folder[pid.ToString(CultureInfo.InvariantCulture)], recursive: true);

    public void Dispose() => _folder.Dispose();

    private byte[]? Hash(SafeFileHandle file)
    {
        Interlocked.Increment(ref _hashed);
        Hashing();
        byte[] content = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, content, 0);
        return System.Security.Cryptography.SHA256.HashData(content);
    }
}

using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using SecureVault.Service.Native;
using SecureVault.Terms;

namespace SecureVault.Service.Programs;

/// <summary>The program of each caller by its bytes, and how its user came to the machine.</summary>
/// <remarks>
/// Any thread; the kernel names threads, and all threads of a process get its identity. A thread is known by its number and by the inode of its folder in /proc, which is another
/// one when the number is given anew. An unchanged program costs a request two statx(2), of /proc/PID and of /proc/PID/exe, and allocates nothing
/// (1.4 us on a shared machine of two processors); of an interpreter the arguments are read besides (3.3 us). A look takes about 0.1 ms for some twenty mapped files.
/// Whether a process is to be trusted (tracing, mapped files) and its script are looked at again after a second. Within it an answer is believed that has become wrong: that gives an attacker
/// nothing, for who can attach to a process or bring code into it may as well do so a moment after the file was opened.
/// The other way round, a process that was not trusted and by execve(2) becomes a sound one of the same image is not trusted for that second.
/// </remarks>
internal sealed class LinuxPrograms
{
    private const int Most = 4096;
    private const int LongestRoot = 200;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // One request asks three or four times, and its process waits in it meanwhile: to end and let another program ask under its number takes ten times as long.
    private static readonly TimeSpan OneRequest = TimeSpan.FromMicroseconds(20);

    private readonly ConcurrentDictionary<int, Known> _threads = new();
    private readonly ConcurrentDictionary<IdentityKey, ProgramIdentity> _identities = new();
    private readonly TimeProvider _clock;
    private readonly ProcessLook _look;
    private readonly string _root;
    private readonly byte[] _prefix;
    private readonly SessionKinds _sessions;

    public LinuxPrograms(TimeProvider clock)
        : this(clock, new ImageHashes(FileFacts.StampOf), "/proc", "/run")
    {
    }

    /// <param name="root">Where processes are seen, at most 200 bytes.</param>
    /// <param name="run">Where systemd keeps its sessions.</param>
    internal LinuxPrograms(TimeProvider clock, ImageHashes hashes, string root, string run)
    {
        _clock = clock;
        _root = root;
        _prefix = Encoding.UTF8.GetBytes($"{root}/");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_prefix.Length, LongestRoot, nameof(root));
        _look = new ProcessLook(root, hashes, new Mounts(root, clock), clock);
        _sessions = new SessionKinds(run);
    }

    /// <summary>Null when the process cannot be seen: number 0, gone, in another namespace.</summary>
    public ProgramIdentity? ProgramOf(int pid)
    {
        if (_threads.TryGetValue(pid, out Known? just) && Stopwatch.GetElapsedTime(just.LookedAt) < OneRequest)
        {
            return just.Process.Look?.Identity;
        }

        if (Find(pid) is not { } known)
        {
            return null;
        }

        long now = Stopwatch.GetTimestamp();
        Look? look = known.Process.Look is { } last && IsUnchanged(pid, last) ? last : LookAnew(pid, known);
        known.LookedAt = look is null ? 0 : now;
        return look?.Identity;
    }

    /// <summary>"console", "remote", "service", or empty when not known.</summary>
    public string SessionOf(int pid)
    {
        if (Find(pid) is not { } known)
        {
            return "";
        }

        if (known.Process.Session is not { } session || !IsFresh(session.At))
        {
            using ProcessFolder? process = ProcessFolder.Open(_root, pid);
            session = new Session(process is null ? "" : _sessions.Of(process), _clock.GetTimestamp());
            known.Process.Session = session;
        }

        return session.Kind;
    }

    private Known? Find(int pid)
    {
        if (pid <= 0)
        {
            return null;
        }

        if (!TryMark(pid, out FileStamp mark))
        {
            _threads.TryRemove(pid, out _);
            return null;
        }

        return _threads.TryGetValue(pid, out Known? known) && known.Mark == mark ? known : Meet(pid, mark);
    }

    private Known? Meet(int pid, FileStamp mark)
    {
        using ProcessFolder? thread = ProcessFolder.Open(_root, pid);
        int leader = thread is null ? 0 : ProcessLook.LeaderOf(thread);
        if (leader <= 0 || !thread!.Facts(out FileFacts self) || self.Stamp != mark || !TryMark(leader, out FileStamp leaders))
        {
            return null;
        }

        if (_threads.Count >= Most)
        {
            _threads.Clear();
        }

        if (!_threads.TryGetValue(leader, out Known? process) || process.Mark != leaders)
        {
            _threads[leader] = process = new Known(leaders, new SeenProcess());
        }

        return leader == pid ? process : _threads[pid] = new Known(mark, process.Process);
    }

    private Look? LookAnew(int pid, Known known)
    {
        lock (known.Process.Gate)
        {
            if (known.Process.Look is { } look && IsUnchanged(pid, look))
            {
                return look; // another thread of the process has looked meanwhile
            }

            using ProcessFolder? process = ProcessFolder.Open(_root, pid);
            bool same = process is not null && process.Facts(out FileFacts self) && self.Stamp == known.Mark;
            Look? found = same ? _look.At(process!) : null;
            return known.Process.Look = found is null ? null : found with { Identity = Shared(found.Identity) };
        }
    }

    private ProgramIdentity Shared(ProgramIdentity found)
    {
        if (_identities.Count >= Most)
        {
            _identities.Clear();
        }

        var key = new IdentityKey(Convert.ToHexString(found.Image.Span), found.Path, Convert.ToHexString(found.Script.Span), found.ScriptPath, found.Distrust);
        return _identities.GetOrAdd(key, found);
    }

    private bool IsFresh(long at) => _clock.GetElapsedTime(at) < Fresh;

    private bool IsUnchanged(int pid, Look look) => IsFresh(look.At) && IsSameImage(pid, look.Image) && (look.Arguments is null || HasArguments(pid, look.Arguments));

    [SkipLocalsInit]
    private bool TryMark(int pid, out FileStamp mark)
    {
        Span<byte> path = stackalloc byte[256];
        bool seen = FileFacts.TryOf(Libc.AT_FDCWD, Entry(path, pid, "\0"u8), 0, out FileFacts facts);
        mark = facts.Stamp;
        return seen;
    }

    [SkipLocalsInit]
    private bool IsSameImage(int pid, in FileStamp image)
    {
        Span<byte> path = stackalloc byte[256];
        return FileFacts.TryOf(Libc.AT_FDCWD, Entry(path, pid, "/exe\0"u8), 0, out FileFacts facts) && facts.Stamp == image && facts.Links > 0;
    }

    [SkipLocalsInit]
    private unsafe bool HasArguments(int pid, ReadOnlySpan<byte> arguments)
    {
        Span<byte> path = stackalloc byte[256];
        Span<byte> now = stackalloc byte[ProcessLook.MostCompared];
        fixed (byte* name = Entry(path, pid, "/cmdline\0"u8), memory = now)
        {
            int file = Libc.openat(Libc.AT_FDCWD, name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            nint length = file < 0 ? -1 : Libc.read(file, memory, (nuint)now.Length);
            _ = file < 0 ? 0 : Libc.close(file);
            return length >= 0 && now[..(int)length].SequenceEqual(arguments);
        }
    }

    /// <summary>Path of a process's entry, with its zero byte.</summary>
    private ReadOnlySpan<byte> Entry(Span<byte> path, int pid, ReadOnlySpan<byte> entry)
    {
        _prefix.CopyTo(path);
        pid.TryFormat(path[_prefix.Length..], out int digits, default, CultureInfo.InvariantCulture);
        entry.CopyTo(path[(_prefix.Length + digits)..]);
        return path[..(_prefix.Length + digits + entry.Length)];
    }

    private readonly record struct IdentityKey(string Image, string Path, string Script, string ScriptPath, string Distrust);

    private sealed record Session(string Kind, long At);

    private sealed class Known(FileStamp mark, SeenProcess process)
    {
        private long _lookedAt;

        public FileStamp Mark { get; } = mark;

        public SeenProcess Process { get; } = process;

        /// <summary>Timestamp of Stopwatch just before it was last seen to be unchanged; 0 = never.</summary>
        public long LookedAt
        {
            get => Volatile.Read(ref _lookedAt);
            set => Volatile.Write(ref _lookedAt, value);
        }
    }

    private sealed class SeenProcess
    {
        private volatile Look? _look;
        private volatile Session? _session;

        /// <summary>Held while the process is looked at.</summary>
        public Lock Gate { get; } = new();

        public Look? Look
        {
            get => _look;
            set => _look = value;
        }

        public Session? Session
        {
            get => _session;
            set => _session = value;
        }
    }
}

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using SecureVault.Service.Native;
using SecureVault.Service.Programs;
using SecureVault.Terms;
using SecureVault.Vaults;

namespace SecureVault.Service.Callers;

/// <summary>What this machine knows of a caller: groups from the user database, never from /proc; program from /proc/PID/exe.</summary>
/// <remarks>
/// Any thread. A hit allocates nothing. Groups are asked again after 30 seconds, so a change of membership counts from then on.
/// The program is never remembered: a process may run another one any moment. To keep a descriptor of /proc/PID for each process saves a tenth of the question.
/// </remarks>
internal sealed class CallerDirectory : ICallerDirectory
{
    private const int MostUsers = 4096;
    private const int MostPrograms = 4096;
    private const int LongestPath = 4096;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ulong, Membership> _memberships = new();
    private readonly ConcurrentDictionary<string, string> _programs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _programsBySpan;
    private readonly TimeProvider _clock;
    private readonly Func<uint, SystemUser?> _find;
    private readonly LinuxPrograms _identities;

    public CallerDirectory(TimeProvider clock)
        : this(clock, UserDatabase.Find)
    {
    }

    internal CallerDirectory(TimeProvider clock, Func<uint, SystemUser?> find)
    {
        _clock = clock;
        _find = find;
        _identities = new LinuxPrograms(clock);
        _programsBySpan = _programs.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <inheritdoc/>
    public string Host { get; } = ThisMachine.Name;

    /// <inheritdoc/>
    public bool TryLocal(string zone, DateTimeOffset now, out DateTime local) => WallClocks.TryLocal(zone, now, out local);

    /// <summary>Groups the database gives the user; a user it does not know has none: the group a process runs with may come from a set-group-id program.</summary>
    public IReadOnlyList<uint> GroupsOf(uint uid, uint gid) => MembershipOf(uid, gid).Groups;

    /// <summary>Name the database gives the user, or empty.</summary>
    public string AccountOf(uint uid, uint gid) => MembershipOf(uid, gid).Name;

    /// <summary>Path of the program; empty when the process is gone, a kernel thread, or in another namespace (0).</summary>
    [SkipLocalsInit]
    public unsafe string ExecutableOf(int pid)
    {
        if (pid <= 0)
        {
            return "";
        }

        Span<byte> link = stackalloc byte[32];
        "/proc/"u8.CopyTo(link);
        pid.TryFormat(link[6..], out int digits, default, CultureInfo.InvariantCulture);
        "/exe\0"u8.CopyTo(link[(6 + digits)..]);
        Span<byte> target = stackalloc byte[LongestPath];
        nint length;
        fixed (byte* from = link, to = target)
        {
            length = Libc.readlink(from, to, (nuint)target.Length);
        }

        return length <= 0 ? "" : Intern(target[..(int)length]);
    }

    public ProgramIdentity? ProgramOf(int pid) => _identities.ProgramOf(pid);

    public string SessionOf(int pid) => _identities.SessionOf(pid);

    private Membership MembershipOf(uint uid, uint gid)
    {
        ulong key = ((ulong)uid << 32) | gid;
        long now = _clock.GetTimestamp();
        if (_memberships.TryGetValue(key, out Membership? known) && _clock.GetElapsedTime(known.AskedAt, now) < Fresh)
        {
            return known;
        }

        if (_memberships.Count >= MostUsers)
        {
            _memberships.Clear();
        }

        SystemUser? user = _find(uid);
        var asked = new Membership(user?.Groups ?? [], user?.Name ?? "", now);
        _memberships[key] = asked;
        return asked;
    }

    [SkipLocalsInit]
    private string Intern(ReadOnlySpan<byte> path)
    {
        Span<char> text = stackalloc char[LongestPath];
        ReadOnlySpan<char> name = text[..Encoding.UTF8.GetChars(path, text)];
        if (_programsBySpan.TryGetValue(name, out string? known))
        {
            return known;
        }

        if (_programs.Count >= MostPrograms)
        {
            _programs.Clear();
        }

        string added = name.ToString();
        _programs[added] = added;
        return added;
    }

    private sealed record Membership(uint[] Groups, string Name, long AskedAt);
}

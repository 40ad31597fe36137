using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using SecureVault.Service.Callers;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Native;
using SecureVault.Service.PrivateFiles;
using SecureVault.Terms;

namespace SecureVault.Service.Machines;

/// <summary>Linux: users have numbers, drives are FUSE mounts, commands come through Unix sockets.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxMachine : Machine
{
    private const string UsersRun = "/run/user";
    private const string Product = "securevault";
    private static readonly bool Root = Libc.geteuid() == 0;

    public LinuxMachine() => Control = new UnixSockets(Files);

    public override Account Self { get; } = new(Libc.geteuid(), "", Root);

    public override MachineFolders Folders { get; } = Root
        ? new MachineFolders("/var/lib/securevault", "/var/log/securevault", "/run/securevault", "/etc/securevault/securevault.json")
        : OfUser(Path.Combine(UserState(), Product));

    public override IPrivateFiles Files { get; } = new LinuxPrivateFiles();

    public override IControlTransport Control { get; }

    public override IDriveKernel Kernel { get; } = new FuseKernel();

    public override TimeSpan SignalHold => TimeSpan.Zero;

    public override ICallerDirectory Callers(TimeProvider clock) => new CallerDirectory(clock);

    public override Caller AsCaller() => new(Libc.geteuid(), Libc.geteuid(), Environment.ProcessId);

    public override IReadOnlyList<uint> GroupsOf(uint uid) => UserDatabase.Find(uid)?.Groups ?? [];

    public override Account? Find(string name) => UserDatabase.FindNumber(name) is { } uid ? new Account(uid, "", uid == 0) : null;

    public override string SelfName() => NameOf(Libc.geteuid());

    public override string NameOf(uint uid) => UserDatabase.Find(uid)?.Name ?? "";

    /// <summary>A user's /run/user folder goes with the last logout and only the system makes it anew.</summary>
    public override string SpareRunFolder => Root ? "" : Path.Combine(Folders.State, "run", Product);

    /// <summary>Root sees the drives of users too. A user's may have been mounted in a session with another environment.</summary>
    public override IEnumerable<string> RunFolders(string own)
    {
        IEnumerable<string> others = !Root ? [Path.Combine(UsersRun, Libc.geteuid().ToString(CultureInfo.InvariantCulture), Product), SpareRunFolder]
            : Directory.Exists(UsersRun) ? Directory.EnumerateDirectories(UsersRun).Select(user => Path.Combine(user, Product))
            : [];
        return others.Prepend(own).Distinct();
    }

    public override IProcessEnd? EndOf(int pid) => ProcessEnd.Of(pid);

    public override HardeningReport Harden() => ProcessHardening.Apply();

    public override void Conceal() => ProcessHardening.Conceal();

    /// <summary>Not for a user's drive, which needs fusermount3 to unmount.</summary>
    public override void DropRights()
    {
        if (Root)
        {
            ProcessHardening.ForbidNewPrivileges();
        }
    }

    public override bool LeaveTerminal()
    {
        Directory.SetCurrentDirectory("/");
        ProcessHardening.LeaveTerminal();
        return ProcessHardening.DetachStreams();
    }

    public override void InheritNothing() => ProcessHardening.CloseOnExec();

    private static MachineFolders OfUser(string state)
    {
        string? run = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return new MachineFolders(state, state, Path.Combine(Path.IsPathRooted(run) ? run : Path.Combine(state, "run"), Product), "/etc/securevault/securevault.json");
    }

    private static string UserState()
    {
        string? set = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (Path.IsPathRooted(set))
        {
            return set;
        }

        string? home = Environment.GetEnvironmentVariable("HOME");
        home = Path.IsPathRooted(home) ? home : UserDatabase.Find(Libc.geteuid())?.Home;
        return Path.Combine(Path.IsPathRooted(home) ? home : "/", ".local", "state");
    }
}

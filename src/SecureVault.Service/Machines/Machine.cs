using System;
using System.Collections.Generic;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Native;
using SecureVault.Service.PrivateFiles;
using SecureVault.Terms;

namespace SecureVault.Service.Machines;

/// <summary>What a machine offers that differs between systems. Chosen here and nowhere else.</summary>
/// <remarks>Any thread.</remarks>
internal abstract class Machine
{
    /// <summary>The machine this process runs on.</summary>
    public static Machine This { get; } =
        OperatingSystem.IsLinux() ? new LinuxMachine()
        : OperatingSystem.IsWindows() ? new WindowsMachine()
        : throw new PlatformNotSupportedException("SecureVault runs on Linux and on Windows.");

    /// <summary>Who this process is.</summary>
    public abstract Account Self { get; }

    /// <summary>Where things are kept unless the settings say otherwise.</summary>
    public abstract MachineFolders Folders { get; }

    /// <summary>Files and folders outside a vault.</summary>
    public abstract IPrivateFiles Files { get; }

    /// <summary>How commands reach drives.</summary>
    public abstract IControlTransport Control { get; }

    /// <summary>How a vault is mounted.</summary>
    public abstract IDriveKernel Kernel { get; }

    /// <summary>How long a handler of a signal must hold its thread for the drive to be saved: the system ends the process when the handler returns.</summary>
    public abstract TimeSpan SignalHold { get; }

    /// <summary>What is known of the callers of a drive.</summary>
    public abstract ICallerDirectory Callers(TimeProvider clock);

    /// <summary>This process as a caller of the engine.</summary>
    public abstract Caller AsCaller();

    /// <summary>Numbers of the groups a user of this machine is in; empty when it does not know the user or has no such numbers.</summary>
    public abstract IReadOnlyList<uint> GroupsOf(uint uid);

    /// <summary>The user of this name; null when the machine knows none. May wait for a directory server.</summary>
    public abstract Account? Find(string name);

    /// <summary>Name of the user of this process; empty when the machine does not know one. May wait for a directory server.</summary>
    public abstract string SelfName();

    /// <summary>Name of the user with this number; empty when the machine does not know one. May wait for a directory server.</summary>
    public virtual string NameOf(uint uid) => "";

    /// <summary>Where the drives of users this process may see have their control places: its own run folder, and those of others.</summary>
    public abstract IEnumerable<string> RunFolders(string own);

    /// <summary>Where a drive has its control place when its run folder was taken away and cannot be made anew; empty when there is no such folder.</summary>
    public virtual string SpareRunFolder => "";

    /// <summary>Takes hold of a process to wait for its end; null when it has ended already.</summary>
    public abstract IProcessEnd? EndOf(int pid);

    /// <summary>Makes this process hard to look into. For the whole process; not undone.</summary>
    public abstract HardeningReport Harden();

    /// <summary>Called before a secret comes into this process. May start the program anew in this process, and then does not return. Not undone.</summary>
    public abstract void Conceal();

    /// <summary>Gives up what only the start of a drive needs.</summary>
    public abstract void DropRights();

    /// <summary>Lets the terminal and the working folder go. False when the streams could not be let go.</summary>
    public abstract bool LeaveTerminal();

    /// <summary>Keeps what this process has open from the processes it starts.</summary>
    public abstract void InheritNothing();
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Security.Principal;
using SecureVault.Service.Callers;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Native;
using SecureVault.Service.PrivateFiles;
using SecureVault.Terms;

namespace SecureVault.Service.Machines;

/// <summary>Windows: users have security identifiers, drives are letters through Dokan, commands come through named pipes.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsMachine : Machine
{
    private const string Product = "SecureVault";

    public WindowsMachine() => Control = new NamedPipes(Files, Self.Sid, Self.IsAdministrator);

    public override Account Self { get; } = Whoever();

    public override MachineFolders Folders => Under(Path.Combine(Known(Self.IsAdministrator ? Environment.SpecialFolder.CommonApplicationData : Environment.SpecialFolder.LocalApplicationData), Product));

    public override IPrivateFiles Files { get; } = new WindowsPrivateFiles();

    public override IControlTransport Control { get; }

    public override IDriveKernel Kernel { get; } = new DokanKernel();

    /// <summary>A console that closes gives its processes five seconds.</summary>
    public override TimeSpan SignalHold { get; } = TimeSpan.FromSeconds(4.5);

    public override ICallerDirectory Callers(TimeProvider clock) => new WindowsCallerDirectory();

    public override Caller AsCaller()
    {
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        string[] groups = self.Groups is { } enabled ? [.. enabled.Select(group => group.Value)] : [];
        return Caller.Of(new CallerToken(self.User?.Value ?? "", groups, 0), Environment.ProcessId, Environment.ProcessPath ?? "");
    }

    public override IReadOnlyList<uint> GroupsOf(uint uid) => [];

    /// <remarks>Whether the user is an administrator is not asked: false.</remarks>
    public override Account? Find(string name) => WindowsAccounts.FindUser(name) is { } sid ? new Account(null, sid, IsAdministrator: false) : null;

    public override string SelfName() => $@"{Environment.UserDomainName}\{Environment.UserName}";

    /// <summary>An administrator sees the drives of users too.</summary>
    public override IEnumerable<string> RunFolders(string own)
    {
        yield return own;
        string? profiles = Path.GetDirectoryName(Known(Environment.SpecialFolder.UserProfile));
        if (Self.IsAdministrator && Directory.Exists(profiles))
        {
            foreach (string profile in Directory.EnumerateDirectories(profiles))
            {
                yield return Under(Path.Combine(profile, "AppData", "Local", Product)).Run;
            }
        }
    }

    public override IProcessEnd? EndOf(int pid) => WindowsProcessEnd.Of(pid);

    public override HardeningReport Harden() => WindowsHardening.Apply();

    public override void Conceal()
    {
        // A process cannot be started anew in its own place. The background drive is started without diagnostics (THREATS.md, 7).
    }

    public override void DropRights()
    {
        // A token's privileges cannot be given up for good without hindering the driver's library.
    }

    public override bool LeaveTerminal()
    {
        Directory.SetCurrentDirectory(Environment.SystemDirectory);
        return WindowsHardening.LeaveConsole();
    }

    public override void InheritNothing() => WindowsHardening.KeepStreams();

    private static MachineFolders Under(string home) =>
        new(Path.Combine(home, "state"), Path.Combine(home, "log"), Path.Combine(home, "run"), Path.Combine(Known(Environment.SpecialFolder.CommonApplicationData), Product, "securevault.json"));

    private static string Known(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);

    private static Account Whoever()
    {
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        return new Account(null, self.User?.Value ?? "", new WindowsPrincipal(self).IsInRole(WindowsBuiltInRole.Administrator));
    }
}

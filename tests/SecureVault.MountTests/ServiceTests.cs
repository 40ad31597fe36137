using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>A drive as a service: what it tells the service manager, and what the installer puts where.</summary>
public sealed class ServiceTests
{
    [SkippableFact]
    public void A_service_manager_is_told_when_the_drive_is_live_and_when_it_ends()
    {
        Require.Mounts();
        using var drive = new Drive(mounted: false, people: false);
        string place = drive.Folder + "/notify";
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Patience.Long.TotalMilliseconds };
        manager.Bind(new UnixDomainSocketEndPoint(place));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { Programs.CommandLine, "mount", "--foreground", drive.Vault, drive.MountPoint })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["SECUREVAULT_PASSPHRASE"] = Programs.Passphrase;
        start.Environment["NOTIFY_SOCKET"] = place;
        foreach ((string setting, string folder) in new[] { ("STATEFOLDER", "state"), ("RUNFOLDER", "run"), ("LOG__FOLDER", "log") })
        {
            start.Environment["SECUREVAULT_" + setting] = Path.Combine(Programs.Machine, folder);
        }

        using Process service = Process.Start(start)!;
        Assert.Equal("READY=1", Told(manager));
        Assert.True(drive.IsMounted);
        drive.Unmount();
        Assert.Equal("STOPPING=1", Told(manager));
        Assert.True(service.WaitForExit(Patience.Long));
        Assert.Equal(0, service.ExitCode);
    }

    /// <summary>As root in a chroot: an overlay over this machine's own files, so that nothing here is touched.</summary>
    [SkippableFact]
    public void What_the_installer_puts_in_place_works_and_goes_again()
    {
        Require.Mounts();
        string top = Directory.CreateTempSubdirectory("securevault-root-").FullName;
        try
        {
            Shell($"mount -t tmpfs tmpfs {top} && cd {top} && mkdir upper work root && mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root && mount -t proc proc root/proc && mount --bind /dev root/dev", top);
            string root = top + "/root";
            Shell($"COMPILE_AHEAD=no '{Programs.Repository}/installer/linux/install'", root);
            Assert.Contains("securevault", Shell("/usr/local/bin/securevault version", root), StringComparison.OrdinalIgnoreCase);
            CheckUnit(File.ReadAllText(root + "/etc/systemd/system/securevault@.service"));
            Shell($"'{Programs.Repository}/installer/linux/uninstall'", root);
            Assert.False(File.Exists(root + "/usr/local/bin/securevault") || Directory.Exists(root + "/usr/local/lib/securevault") || File.Exists(root + "/etc/systemd/system/securevault@.service"));
        }
        finally
        {
            Programs.Shell($"umount {top}/root/dev {top}/root/proc {top}/root; umount {top}");
            Directory.Delete(top);
        }
    }

    // None of its lines may give the service a mount namespace: the drive would be mounted where nobody sees it.
    private static void CheckUnit(string unit)
    {
        Assert.Contains("ExecStart=/usr/local/bin/securevault mount --foreground", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("@PREFIX@", unit, StringComparison.Ordinal);
        foreach (string own in new[] { "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "ReadOnlyPaths", "ReadWritePaths", "InaccessiblePaths", "ProtectKernel", "ProtectProc", "ProtectControlGroups", "PrivateMounts", "RootDirectory" })
        {
            Assert.DoesNotContain("\n" + own, unit, StringComparison.Ordinal);
        }
    }

    private static string Shell(string command, string root)
    {
        Ended ended = root.EndsWith("/root", StringComparison.Ordinal) ? Programs.Run("chroot", [root, "/bin/sh", "-c", command], [], Patience.OfWork) : Programs.Shell(command);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return ended.Output;
    }

    private static string Told(Socket manager)
    {
        byte[] datagram = new byte[100];
        return Encoding.ASCII.GetString(datagram, 0, manager.Receive(datagram));
    }
}

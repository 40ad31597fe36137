using System;
using System.IO;
using System.Linq;
using Xunit;

namespace SecureVault.MountTests.Support;

/// <summary>What a test needs of the machine. Missing: the test is skipped and says so, or fails where SECUREVAULT_REQUIRE=all.</summary>
public static class Require
{
    private static bool All => Environment.GetEnvironmentVariable("SECUREVAULT_REQUIRE") == "all";

    /// <summary>/dev/fuse and root. Where /dev/fuse exists, a root user never skips.</summary>
    public static void Mounts()
    {
        bool root = Environment.UserName == "root" || Environment.GetEnvironmentVariable("USER") == "root" || Programs.Shell("id -u").Output.Trim() == "0";
        Missing(!File.Exists("/dev/fuse"), "/dev/fuse is not on this machine");
        Missing(!root, "mounting for several users needs root");
    }

    /// <summary>/dev/fuse opened to every user, as the fuse3 package's rule does where udev runs.</summary>
    public static void DeviceForAll() =>
        Missing(File.Exists("/dev/fuse") && Programs.Shell("stat -c %a /dev/fuse").Output.Trim() != "666", "/dev/fuse is not open to every user (chmod 666 /dev/fuse)");

    /// <summary>Disks in files.</summary>
    public static void LoopDevices() => Missing(!File.Exists("/dev/loop-control"), "/dev/loop-control is not on this machine");

    public static void Tool(string name)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Missing(!path.Any(folder => File.Exists(Path.Combine(folder, name))), $"{name} is not installed");
    }

    private static void Missing(bool missing, string what)
    {
        Assert.False(missing && All, what + ", and SECUREVAULT_REQUIRE=all");
        Skip.If(missing, what);
    }
}

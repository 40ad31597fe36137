using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace SecureVault.Fuse.Mount;

/// <summary>Whether the kernel will let this process mount, whatever the folder is: containers and sandboxes take that away.</summary>
internal static class MountRights
{
    private const int CAP_SYS_ADMIN = 21;
    private const string StatusPath = "/proc/self/status";
    private const string Outside = "mount outside of it, or start the container with --cap-add SYS_ADMIN --device /dev/fuse";

    /// <summary>One line for the user, or empty when nothing is known to stand in the way.</summary>
    public static string Missing(bool isRoot) => Missing(File.ReadAllText(StatusPath), isRoot);

    /// <summary>As above, over the text of a process's status.</summary>
    public static string Missing(string status, bool isRoot)
    {
        bool mayMount = !ulong.TryParse(Value(status, "CapEff"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong rights) || (rights >> CAP_SYS_ADMIN & 1) != 0;
        return isRoot && !mayMount ? $"this process is root without the right to mount (CAP_SYS_ADMIN), as in most containers: {Outside}"
            : !isRoot && Value(status, "NoNewPrivs") == "1" ? "this process may gain no rights (no_new_privs), so fusermount3 cannot mount for it: start it without that, or mount as root"
            : "";
    }

    /// <summary>Why /dev/fuse did not open or mount(2) refused with EPERM although the right is there.</summary>
    public static string Forbidden(string what) => $"{what} is forbidden here by more than file permissions (a container's device rules, seccomp, AppArmor or SELinux): {Outside}";

    private static string? Value(string status, string name) =>
        status.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
}

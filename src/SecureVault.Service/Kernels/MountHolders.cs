using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace SecureVault.Service.Kernels;

/// <summary>Who has a mount of a drive in a mount namespace other than this process's: containers, sandboxes, unshare.</summary>
internal static class MountHolders
{
    /// <summary>"sleep (812) in another mount namespace", who have files open before others; empty when none is seen: other users' processes show only to root.</summary>
    /// <param name="device">major:minor, the same in every namespace.</param>
    /// <param name="opened">Only those with files open: a namespace that follows this one's mounts holds nothing.</param>
    public static string Describe(string device, bool opened = false)
    {
        string mapped = Mapped(device);
        string own = NamespaceOf("/proc/self");
        var places = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        List<string> idle = [], busy = [];
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || NamespaceOf(process) is not { Length: > 0 } space || space == own)
            {
                continue;
            }

            if (!places.TryGetValue(space, out HashSet<string>? ids))
            {
                places[space] = ids = MountsIn(process, device);
            }

            if (ids.Count > 0)
            {
                (HasOpen(process, ids, mapped) ? busy : idle).Add(ProgramNames.Of(MountUsers.NameOf(process), pid));
            }
        }

        string names = ProgramNames.Join(opened || busy.Count > 0 ? busy : idle);
        return names.Length > 0 ? $"{names} in another mount namespace" : "";
    }

    /// <summary>A device as the list of a process's mappings has it.</summary>
    private static string Mapped(string device)
    {
        string[] numbers = device.Split(':');
        return numbers.Length == 2 && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? string.Create(CultureInfo.InvariantCulture, $" {major:x2}:{minor:x2} ")
            : "\n";
    }

    private static string NamespaceOf(string process)
    {
        try
        {
            return new FileInfo(process + "/ns/mnt").LinkTarget ?? "";
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Numbers of the drive's mounts in the namespace of a process.</summary>
    private static HashSet<string> MountsIn(string process, string device)
    {
        try
        {
            return [.. File.ReadLines(process + "/mountinfo").Select(line => line.Split(' ')).Where(fields => fields.Length > 2 && fields[2] == device).Select(fields => fields[0])];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool HasOpen(string process, HashSet<string> mounts, string mapped)
    {
        try
        {
            return Directory.EnumerateFiles(process + "/fdinfo").Any(open => File.ReadLines(open).Any(line => line.StartsWith("mnt_id:", StringComparison.Ordinal) && mounts.Contains(line[7..].Trim())))
                || File.ReadLines(process + "/maps").Any(line => line.Contains(mapped, StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

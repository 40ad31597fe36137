using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace SecureVault.Service.Kernels;

/// <summary>Who keeps a mounted folder busy: processes with files, folders or programs in it.</summary>
internal static class MountUsers
{
    private static readonly string[] Places = ["cwd", "root"];

    /// <summary>"bash (812), vim (900)", or empty when nobody is seen: other users' processes show only to root.</summary>
    public static string Describe(string mountPoint)
    {
        List<string> users = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid != Environment.ProcessId && Uses(folder, mountPoint))
            {
                users.Add(ProgramNames.Of(NameOf(folder), pid));
            }
        }

        return ProgramNames.Join(users);
    }

    private static bool Uses(string process, string mountPoint)
    {
        try
        {
            return Places.Select(l => Path.Combine(process, l))
                    .Concat(Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")))
                    .Any(link => File.ResolveLinkTarget(link, returnFinalTarget: false) is { } target && RealPath.IsWithin(target.FullName, mountPoint))
                || File.ReadLines(Path.Combine(process, "maps")).Any(line => line.Contains(mountPoint + "/", StringComparison.Ordinal));
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Name of the program in a folder of /proc; empty when it has ended.</summary>
    public static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

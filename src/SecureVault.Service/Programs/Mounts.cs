using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace SecureVault.Service.Programs;

/// <summary>What kind of file system a file lies on, from /proc/self/mountinfo, read again after a second.</summary>
/// <remarks>
/// Any thread. A file served by a program (FUSE) is never opened or looked up here: the program may be this very drive, all of whose threads could come to wait for each
/// other, or a user's own that never answers. A mount in another namespace is not listed: of a user's FUSE there the kernel keeps others out, root among them.
/// </remarks>
internal sealed class Mounts(string root, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private volatile Table? _known;

    /// <summary>A program serves its files, or they are the kernel's own words (proc), whose links lead elsewhere for each who asks.</summary>
    public bool IsServed(ulong device) => Known().Served.Contains(device);

    /// <summary>The administrator, or the desktop that mounted a user's medium, lets programs there have no rights of the system's.</summary>
    public bool IsForeign(in FileFacts file) => file.Mount != 0 && Known().Foreign.Contains(file.Mount);

    private Table Known()
    {
        long now = clock.GetTimestamp();
        if (_known is not { } known || clock.GetElapsedTime(known.ReadAt, now) >= Fresh)
        {
            _known = known = Read(now);
        }

        return known;
    }

    private Table Read(long now)
    {
        var table = new Table([], [], now);
        try
        {
            foreach (string line in File.ReadLines($"{root}/self/mountinfo"))
            {
                table.Add(line.Split(' '));
            }
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
        }

        return table;
    }

    private sealed record Table(HashSet<ulong> Served, HashSet<ulong> Foreign, long ReadAt)
    {
        /// <summary>Fields: id parent major:minor root mountpoint options [optional...] - type source super-options.</summary>
        public void Add(string[] fields)
        {
            int dash = Array.IndexOf(fields, "-");
            if (dash < 6 || dash + 1 >= fields.Length || fields[2].Split(':') is not [string major, string minor]
                || !uint.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out uint high) || !uint.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out uint low)
                || !ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong id))
            {
                return;
            }

            if (fields[dash + 1] == "proc" || fields[dash + 1].StartsWith("fuse", StringComparison.Ordinal))
            {
                Served.Add(FileFacts.Device(high, low));
            }

            if (Array.IndexOf(fields[5].Split(','), "nosuid") >= 0)
            {
                Foreign.Add(id);
            }
        }
    }
}

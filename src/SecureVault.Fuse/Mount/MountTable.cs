using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace SecureVault.Fuse.Mount;

/// <summary>A row of the kernel's mount table.</summary>
/// <param name="Id">Of this mount, as long as it is mounted, whatever its folder is renamed to.</param>
/// <param name="Device">major:minor, the name of the mount's bdi; the same for every mount of one drive.</param>
internal sealed record MountRow(int Id, string Device, string MountPoint, string Type);

/// <summary>The kernel's mount table, /proc/self/mountinfo. Reading it asks no file system anything, so a dead drive cannot hang it.</summary>
internal static class MountTable
{
    private const string TablePath = "/proc/self/mountinfo";
    private const int IdField = 0;
    private const int DeviceField = 2;
    private const int MountPointField = 4;
    private const int FirstOptionalField = 6;

    /// <summary>The topmost mount exactly at the path, or null. The path is absolute and free of symlinks and trailing slashes.</summary>
    public static MountRow? Find(string path) => Find(File.ReadAllText(TablePath), path);

    /// <summary>As above, over a table's text.</summary>
    public static MountRow? Find(string table, string path) => Rows(table).LastOrDefault(row => row.MountPoint == path);

    /// <summary>All mounts of one drive, wherever they are by now, in the table's order.</summary>
    public static IReadOnlyList<MountRow> Of(string device) => [.. Rows(File.ReadAllText(TablePath)).Where(row => row.Device == device)];

    /// <summary>The rows of a table's text; lines that are none are left out.</summary>
    public static IEnumerable<MountRow> Rows(string table)
    {
        foreach (string line in table.Split('\n'))
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-", Math.Min(FirstOptionalField, fields.Length));
            if (dash > 0 && dash + 1 < fields.Length && int.TryParse(fields[IdField], NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                yield return new MountRow(id, fields[DeviceField], Unescape(fields[MountPointField]), fields[dash + 1]);
            }
        }
    }

    /// <summary>The table writes space, tab, newline and backslash as three octal digits behind a backslash.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    /// <summary>Major and minor of a row's device, for the abort file of the connection.</summary>
    public static int Minor(string device) => int.Parse(device.AsSpan(device.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
}

using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SecureVault.Service.Programs;

/// <summary>The files a process has mapped to execute (proc(5), maps): its image, its libraries, and whatever was preloaded or loaded into it.</summary>
/// <remarks>
/// Each must belong to root and be writable by root alone. The folder it lies in does not matter: what is mapped is the file, whatever takes its name. A deleted file and a memfd cannot be
/// judged and are refused, which hits .NET programs unless DOTNET_EnableWriteXorExecute=0. Memory without a file (a JIT compiler's) and the kernel's own page (vdso) are let through: what runs there came
/// from code that was judged, or from an attack that needs no file.
/// </remarks>
internal static class MappedCode
{
    private const int LongestMap = 1 << 24;
    private const string Unreadable = "its memory map cannot be read";

    /// <summary>Empty when all is sound, else why not.</summary>
    public static string Weakness(ProcessFolder process, Mounts mounts)
    {
        byte[]? map = process.Read("maps", LongestMap, out bool whole);
        if (map is null || map.Length == 0)
        {
            return Unreadable;
        }

        if (!whole)
        {
            return "its memory map is too long to look at";
        }

        HashSet<(ulong Device, ulong Inode)> seen = [];
        ReadOnlySpan<byte> left = map;
        while (!left.IsEmpty)
        {
            int end = left.IndexOf((byte)'\n');
            string weakness = end < 0 ? Unreadable : OfLine(left[..end], process, mounts, seen);
            if (weakness.Length > 0)
            {
                return weakness;
            }

            left = left[(end + 1)..];
        }

        return "";
    }

    /// <summary>Fields: range rwxp offset major:minor inode, blanks, path.</summary>
    private static string OfLine(ReadOnlySpan<byte> line, ProcessFolder process, Mounts mounts, HashSet<(ulong Device, ulong Inode)> seen)
    {
        Span<Range> fields = stackalloc Range[6];
        int count = Fields(line, fields);
        if (count < 5 || line[fields[1]].Length < 3)
        {
            return Unreadable;
        }

        if (line[fields[1]][2] != 'x')
        {
            return "";
        }

        if (!TryDevice(line[fields[3]], out ulong device) || !Utf8Parser.TryParse(line[fields[4]], out ulong inode, out int digits) || digits != line[fields[4]].Length)
        {
            return Unreadable;
        }

        if (inode == 0 || !seen.Add((device, inode)))
        {
            return "";
        }

        string path = count == 6 ? Encoding.UTF8.GetString(line[fields[5]]) : "";
        string fault = path.EndsWith(ProcessLook.Deleted, StringComparison.Ordinal) ? "which has been deleted or lies in memory only"
            : mounts.IsServed(device) ? "which a program serves (FUSE)"
            : OfFile(Encoding.UTF8.GetString(line[fields[0]]), path, process, mounts);
        return fault.Length == 0 ? "" : $"it runs code of {ProcessLook.Shown(path)}, {fault}";
    }

    private static string OfFile(string range, string path, ProcessFolder process, Mounts mounts)
    {
        if (!process.Facts($"map_files/{range}", out FileFacts file) && !ByPath(process, mounts, path, out file))
        {
            return "which cannot be looked at";
        }

        return file.Weakness(mounts);
    }

    // map_files leads to the very file, but only for root; a user's drive looks for it by its name.
    private static bool ByPath(ProcessFolder process, Mounts mounts, string path, out FileFacts file)
    {
        using SafeFileHandle? opened = VisibleFile.Open(process, mounts, path, out file, out _);
        return opened is not null;
    }

    private static int Fields(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        int count = 0;
        for (int at = 0; at < line.Length && count < fields.Length;)
        {
            int length = count == fields.Length - 1 ? line.Length - at : line[at..].IndexOf((byte)' ');
            length = length < 0 ? line.Length - at : length;
            fields[count++] = at..(at + length);
            int blanks = line[(at + length)..].IndexOfAnyExcept((byte)' ');
            at = blanks < 0 ? line.Length : at + length + blanks;
        }

        return count;
    }

    private static bool TryDevice(ReadOnlySpan<byte> text, out ulong device)
    {
        int colon = text.IndexOf((byte)':');
        device = 0;
        if (colon < 0 || !uint.TryParse(text[..colon], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint major)
            || !uint.TryParse(text[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint minor))
        {
            return false;
        }

        device = FileFacts.Device(major, minor);
        return true;
    }
}

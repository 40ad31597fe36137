using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.Service.Native;

namespace SecureVault.Service.Kernels;

/// <summary>One mount as /proc/self/mountinfo has it; Owner from user_id=, null where there is none.</summary>
/// <param name="Device">major:minor, the same for every mount of one drive.</param>
internal sealed record MountEntry(string Device, string MountPoint, string Type, string Source, uint? Owner)
{
    /// <summary>How long a drive may take to say how it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>True for a drive of this program.</summary>
    public bool IsDrive => Type == "fuse.securevault";

    /// <summary>True when the process behind a drive is gone and only its name is left. A drive that hangs is not dead, and is not waited for.</summary>
    public bool IsDead()
    {
        if (!IsDrive)
        {
            return false;
        }

        Task<bool> asked = Task.Factory.StartNew(Ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return asked.Wait(Patience) && asked.Result;
    }

    private unsafe bool Ask()
    {
        byte* answer = stackalloc byte[256];
        return Libc.statfs(MountPoint, answer) != 0 && Marshal.GetLastPInvokeError() == Libc.ENOTCONN;
    }
}

/// <summary>The mounts this process sees.</summary>
internal static class MountTable
{
    public static IReadOnlyList<MountEntry> Read() => [.. File.ReadLines("/proc/self/mountinfo").Select(Parse).OfType<MountEntry>()];

    /// <summary>The topmost mount at exactly this path, or null.</summary>
    public static MountEntry? At(string path) => Read().LastOrDefault(m => m.MountPoint == path);

    /// <summary>Fields: id parent major:minor root mountpoint options [optional...] - type source super-options.</summary>
    internal static MountEntry? Parse(string line)
    {
        string[] fields = line.Split(' ');
        int dash = Array.IndexOf(fields, "-");
        return dash < 6 || fields.Length < dash + 4
            ? null
            : new MountEntry(fields[2], Unescape(fields[4]), fields[dash + 1], Unescape(fields[dash + 2]), OwnerIn(fields[dash + 3]));
    }

    private static uint? OwnerIn(string options)
    {
        const string Key = "user_id=";
        string? option = options.Split(',').FirstOrDefault(o => o.StartsWith(Key, StringComparison.Ordinal));
        return option is not null && uint.TryParse(option.AsSpan(Key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? uid : null;
    }

    /// <summary>Blank, tab, newline and backslash are written as three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bool octal = bytes[i] == '\\' && i + 3 < bytes.Length && bytes.AsSpan(i + 1, 3).IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0;
            bytes[length++] = octal ? unchecked((byte)(((bytes[i + 1] - '0') << 6) | ((bytes[i + 2] - '0') << 3) | (bytes[i + 3] - '0'))) : bytes[i];
            i += octal ? 3 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}

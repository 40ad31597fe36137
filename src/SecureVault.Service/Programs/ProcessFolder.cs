using System;
using System.Globalization;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;

namespace SecureVault.Service.Programs;

/// <summary>A process by a descriptor of its folder in /proc (proc(5)): when the process ends everything fails, and its number given to another does not lead there.</summary>
/// <remarks>Any thread. Nothing throws for what a process does: where it is gone or may not be seen, an answer is empty.</remarks>
internal sealed class ProcessFolder : IDisposable
{
    private const int LongestPath = 4096;
    private readonly SafeFileHandle _folder;

    private ProcessFolder(SafeFileHandle folder) => _folder = folder;

    /// <summary>Null when there is no such process or thread.</summary>
    public static ProcessFolder? Open(string root, int pid)
    {
        SafeFileHandle? folder = OpenAt(Libc.AT_FDCWD, $"{root}/{pid.ToString(CultureInfo.InvariantCulture)}", Libc.O_PATH);
        return folder is null ? null : new ProcessFolder(folder);
    }

    private int Descriptor => (int)_folder.DangerousGetHandle();

    /// <summary>Of the folder itself: which process it is.</summary>
    public bool Facts(out FileFacts facts) => FileFacts.TryOf(Descriptor, out facts);

    /// <summary>Of what an entry leads to.</summary>
    public bool Facts(string entry, out FileFacts facts) => FileFacts.TryOf(Descriptor, Terminated(entry), 0, out facts);

    /// <summary>Text of a link; empty when there is none.</summary>
    public string Link(string entry) => LinkAt(Descriptor, entry);

    /// <summary>Opens what an entry leads to; null when it cannot be.</summary>
    public SafeFileHandle? OpenFile(string entry, int flags) => OpenAt(Descriptor, entry, flags);

    /// <summary>An entry's bytes, at most so many; null when it cannot be read. whole: there is no more.</summary>
    public byte[]? Read(string entry, int most, out bool whole)
    {
        whole = false;
        using SafeFileHandle? file = OpenFile(entry, Libc.O_RDONLY);
        return file is null ? null : ReadAll(file, most, out whole);
    }

    /// <summary>Folder names under an entry, which a listing may find gone a moment later.</summary>
    public string[] Folders(string entry)
    {
        try
        {
            string[] folders = Directory.GetDirectories($"/proc/self/fd/{Descriptor.ToString(CultureInfo.InvariantCulture)}/{entry}");
            return Array.ConvertAll(folders, f => Path.GetFileName(f));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Null when it cannot be opened. Never waits for a pipe's other end and never takes a terminal.</summary>
    public static unsafe SafeFileHandle? OpenAt(int folder, string path, int flags)
    {
        int descriptor;
        fixed (byte* name = Terminated(path))
        {
            descriptor = Libc.openat(folder, name, flags | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY, 0);
        }

        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Text of a link; empty when there is none, or it is longer than a path may be.</summary>
    public static unsafe string LinkAt(int folder, string path)
    {
        byte* target = stackalloc byte[LongestPath];
        nint length;
        fixed (byte* name = Terminated(path))
        {
            length = Libc.readlinkat(folder, name, target, LongestPath);
        }

        return length is > 0 and < LongestPath ? Encoding.UTF8.GetString(target, (int)length) : "";
    }

    private static unsafe byte[]? ReadAll(SafeFileHandle file, int most, out bool whole)
    {
        byte[] buffer = new byte[Math.Min(most, LongestPath)];
        int length = 0;
        whole = false;
        while (true)
        {
            nint got;
            fixed (byte* memory = buffer)
            {
                got = Libc.read((int)file.DangerousGetHandle(), memory + length, (nuint)(buffer.Length - length));
            }

            length += (int)Math.Max(got, 0);
            whole = got == 0;
            if (got <= 0 || length == most)
            {
                return got < 0 ? null : buffer.AsSpan(0, length).ToArray();
            }

            Array.Resize(ref buffer, length < buffer.Length ? buffer.Length : (int)Math.Min(most, 2L * buffer.Length));
        }
    }

    // A name with a zero byte in it would end there: hostile bytes lead to no file.
    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path.Contains('\0', StringComparison.Ordinal) ? "" : path + '\0') is { Length: > 0 } bytes ? bytes : [0];
}

using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using static SecureVault.Actor.Errno;
using static SecureVault.Actor.LibC;

namespace SecureVault.Actor;

/// <summary>The operations by name. Strings are byte strings (Latin-1), so names need not be UTF-8.</summary>
internal static unsafe class Operations
{
    public static string Do(string operation, string[] a) => operation switch
    {
        "read" => Read(a[0], long.Parse(a[1], CultureInfo.InvariantCulture), int.Parse(a[2], CultureInfo.InvariantCulture)),
        "hash" => Hash(a[0], fresh: false),
        "fresh" => Hash(a[0], fresh: true),
        "open" => WithFile(a[0], Flags(a[1]), _ => "ok"),
        "write" => WithFile(a[0], Flags(a[1]), fd => Write(fd, Latin1(a[2]), long.Parse(a[3], CultureInfo.InvariantCulture))),
        "append" => WithFile(a[0], O_WRONLY | O_APPEND, fd => Ok(Pinned(Latin1(a[1]), (p, n) => write(fd, p, n)))),
        "truncate" => Path(a[0], p => truncate(p, long.Parse(a[1], CultureInfo.InvariantCulture))),
        "chmod" => Path(a[0], p => chmod(p, Convert.ToUInt32(a[1], 8))),
        "chown" => Path(a[0], p => chown(p, uint.Parse(a[1], CultureInfo.InvariantCulture), uint.Parse(a[2], CultureInfo.InvariantCulture))),
        "utimes" => Path(a[0], p => utimensat(-100, p, 0, 0)),
        "unlink" => Path(a[0], p => unlink(p)),
        "rmdir" => Path(a[0], p => rmdir(p)),
        "mkdir" => Path(a[0], p => mkdir(p, 0x1FF)),
        "mkfifo" => Path(a[0], p => mkfifo(p, 0x1B6)),
        "rename" => Path(a[0], p => Inner(a[1], q => rename(p, q))),
        "rename2" => Path(a[0], p => Inner(a[1], q => renameat2(-100, p, -100, q, uint.Parse(a[2], CultureInfo.InvariantCulture)))),
        "link" => Path(a[0], p => Inner(a[1], q => link(p, q))),
        "symlink" => Path(a[0], p => Inner(a[1], q => symlink(p, q))),
        "readlink" => ReadLink(a[0]),
        "list" => List(a[0]),
        "stat" => Stat(a[0]),
        "setxattr" => Path(a[0], p => Inner(a[1], q => (int)Pinned(Latin1(a[2]), (v, n) => setxattr(p, q, v, n, 0)))),
        "getxattr" => GetXattr(a[0], a[1]),
        "removexattr" => Path(a[0], p => Inner(a[1], q => removexattr(p, q))),
        "fallocate" => WithFile(a[0], O_RDWR, fd => Ok(fallocate(fd, int.Parse(a[1], CultureInfo.InvariantCulture), long.Parse(a[2], CultureInfo.InvariantCulture), long.Parse(a[3], CultureInfo.InvariantCulture)))),
        "seek" => WithFile(a[0], O_RDONLY, fd => Ok(lseek(fd, long.Parse(a[1], CultureInfo.InvariantCulture), a[2] == "data" ? 3 : 4))),
        "mmapwrite" => MapWrite(a[0], Latin1(a[1])),
        "run" => Run(a[0]),
        _ => "unknown operation " + operation,
    };

    private static int Flags(string words) => words.Split(',').Sum(w => w switch
    {
        "r" => O_RDONLY, "w" => O_WRONLY, "rw" => O_RDWR, "create" => O_CREAT, "excl" => O_EXCL, "trunc" => O_TRUNC, "append" => O_APPEND, "dir" => O_DIRECTORY,
        _ => throw new ArgumentException(w),
    });

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    private static string Ok(long result) => "ok " + Check(result).ToString(CultureInfo.InvariantCulture);

    private delegate long OnBytes(byte* bytes, nint count);

    private delegate long OnPath(byte* path);

    private static long Pinned(byte[] bytes, OnBytes action)
    {
        fixed (byte* p = bytes.Length == 0 ? new byte[1] : bytes)
        {
            return action(p, bytes.Length);
        }
    }

    private static long Inner(string path, OnPath action)
    {
        fixed (byte* p = Latin1(path + "\0"))
        {
            return action(p);
        }
    }

    private static string Path(string path, OnPath action) => Ok(Inner(path, action));

    private static string WithFile(string path, int flags, Func<int, string> action)
    {
        int fd = (int)Check(Inner(path, p => open(p, flags, 0x1B6)));
        try
        {
            return action(fd);
        }
        finally
        {
            _ = close(fd);
        }
    }

    private static string Write(int fd, byte[] bytes, long offset) => Ok(Pinned(bytes, (p, n) => pwrite(fd, p, n, offset)));

    private static string Read(string path, long offset, int count) => WithFile(path, O_RDONLY, fd =>
    {
        var buffer = new byte[Math.Max(count, 1)];
        long read = Check(Pinned(buffer, (p, _) => pread(fd, p, count, offset)));
        return "ok " + Convert.ToBase64String(buffer, 0, (int)read);
    });

    /// <summary>SHA-256 of the file; fresh first drops what the kernel holds of it, so that every byte is asked for again.</summary>
    private static string Hash(string path, bool fresh) => WithFile(path, O_RDONLY, fd =>
    {
        Check(fresh ? -posix_fadvise(fd, 0, 0, 4) : 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        long offset = 0;
        for (long read; (read = Check(Pinned(buffer, (p, n) => pread(fd, p, n, offset)))) > 0; offset += read)
        {
            hash.AppendData(buffer, 0, (int)read);
        }

        return "ok " + Convert.ToHexStringLower(hash.GetHashAndReset());
    });

    private static string ReadLink(string path)
    {
        var buffer = new byte[4096];
        long length = Check(Inner(path, p => Pinned(buffer, (b, n) => readlink(p, b, n))));
        return "ok " + Convert.ToBase64String(buffer, 0, (int)length);
    }

    private static string GetXattr(string path, string name)
    {
        var buffer = new byte[65536];
        long length = Check(Inner(path, p => Inner(name, q => Pinned(buffer, (b, n) => getxattr(p, q, b, n)))));
        return "ok " + Convert.ToBase64String(buffer, 0, (int)length);
    }

    private static string List(string path) => WithFile(path, O_DIRECTORY, fd =>
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries("/proc/self/fd/" + fd.ToString(CultureInfo.InvariantCulture)).Select(e => System.IO.Path.GetFileName(e)!).Order(StringComparer.Ordinal)];
        return "ok " + Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join('/', names)));
    });

    private static string Stat(string path) => WithFile(path, O_RDONLY, fd => Ok(lseek(fd, 0, 2)));

    private static string MapWrite(string path, byte[] bytes) => WithFile(path, O_RDWR, fd =>
    {
        nint map = mmap(0, bytes.Length, 3, 1, fd, 0);
        Check(map == -1 ? -1 : 0);
        Marshal.Copy(bytes, 0, map, bytes.Length);
        Check(msync(map, bytes.Length, 4));
        Check(munmap(map, bytes.Length));
        return "ok";
    });

    /// <summary>Runs a shell command as this user: "ok" or the exit code and the end of what it printed.</summary>
    private static string Run(string command)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec 2>&1; " + Encoding.UTF8.GetString(Latin1(command)));
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string text = Convert.ToBase64String(Encoding.UTF8.GetBytes(output.Length > 20000 ? output[^20000..] : output));
        return (process.ExitCode == 0 ? "ok " : "exit" + process.ExitCode.ToString(CultureInfo.InvariantCulture) + " ") + text;
    }
}

using System.Runtime.InteropServices;

namespace SecureVault.Actor;

/// <summary>The C library's calls, by their own names. Paths are NUL-terminated bytes.</summary>
internal static unsafe partial class LibC
{
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200, O_APPEND = 0x400, O_DIRECT = 0x4000;
    public const int O_DIRECTORY = 0x10000;

    [LibraryImport("libc", SetLastError = true)] public static partial int setgroups(nint count, nint list);
    [LibraryImport("libc", SetLastError = true)] public static partial int setresuid(uint r, uint e, uint s);
    [LibraryImport("libc", SetLastError = true)] public static partial int setresgid(uint r, uint e, uint s);
    [LibraryImport("libc", SetLastError = true)] public static partial int open(byte* path, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] public static partial int close(int fd);
    [LibraryImport("libc", SetLastError = true)] public static partial nint pread(int fd, byte* buffer, nint count, long offset);
    [LibraryImport("libc", SetLastError = true)] public static partial nint pwrite(int fd, byte* buffer, nint count, long offset);
    [LibraryImport("libc", SetLastError = true)] public static partial nint write(int fd, byte* buffer, nint count);
    [LibraryImport("libc")] public static partial int posix_fadvise(int fd, long offset, long length, int advice);
    [LibraryImport("libc", SetLastError = true)] public static partial int fsync(int fd);
    [LibraryImport("libc", SetLastError = true)] public static partial int truncate(byte* path, long length);
    [LibraryImport("libc", SetLastError = true)] public static partial int ftruncate(int fd, long length);
    [LibraryImport("libc", SetLastError = true)] public static partial int chmod(byte* path, uint mode);
    [LibraryImport("libc", SetLastError = true)] public static partial int chown(byte* path, uint uid, uint gid);
    [LibraryImport("libc", SetLastError = true)] public static partial int unlink(byte* path);
    [LibraryImport("libc", SetLastError = true)] public static partial int rmdir(byte* path);
    [LibraryImport("libc", SetLastError = true)] public static partial int mkdir(byte* path, uint mode);
    [LibraryImport("libc", SetLastError = true)] public static partial int mkfifo(byte* path, uint mode);
    [LibraryImport("libc", SetLastError = true)] public static partial int rename(byte* from, byte* to);
    [LibraryImport("libc", SetLastError = true)] public static partial int renameat2(int fromDir, byte* from, int toDir, byte* to, uint flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int link(byte* from, byte* to);
    [LibraryImport("libc", SetLastError = true)] public static partial int symlink(byte* target, byte* path);
    [LibraryImport("libc", SetLastError = true)] public static partial nint readlink(byte* path, byte* buffer, nint size);
    [LibraryImport("libc", SetLastError = true)] public static partial int utimensat(int dir, byte* path, nint times, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int fallocate(int fd, int mode, long offset, long length);
    [LibraryImport("libc", SetLastError = true)] public static partial long lseek(int fd, long offset, int whence);
    [LibraryImport("libc", SetLastError = true)] public static partial nint copy_file_range(int from, nint fromOffset, int to, nint toOffset, nint length, uint flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int setxattr(byte* path, byte* name, byte* value, nint size, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint getxattr(byte* path, byte* name, byte* value, nint size);
    [LibraryImport("libc", SetLastError = true)] public static partial nint listxattr(byte* path, byte* list, nint size);
    [LibraryImport("libc", SetLastError = true)] public static partial int removexattr(byte* path, byte* name);
    [LibraryImport("libc", SetLastError = true)] public static partial nint mmap(nint address, nint length, int protection, int flags, int fd, long offset);
    [LibraryImport("libc", SetLastError = true)] public static partial int munmap(nint address, nint length);
    [LibraryImport("libc", SetLastError = true)] public static partial int msync(nint address, nint length, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int posix_memalign(byte** memory, nint alignment, nint size);
}

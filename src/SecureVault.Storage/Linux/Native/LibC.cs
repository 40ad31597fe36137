using System.Runtime.InteropServices;

namespace SecureVault.Storage.Linux.Native;

/// <summary>The C library's file calls, under their own names. All blittable; the error number is the last system error.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int openat(StoreHandle dirfd, byte* pathname, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int openat(int dirfd, byte* pathname, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int close(nint fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getrlimit(int resource, out rlimit rlim);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sched_getaffinity(int pid, nuint cpusetsize, ulong* mask);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sched_setaffinity(int pid, nuint cpusetsize, ulong* mask);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int statx(StoreHandle dirfd, byte* pathname, int flags, uint mask, statx_t* statxbuf);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pread(StoreHandle fd, byte* buf, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pwrite(StoreHandle fd, byte* buf, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ftruncate(StoreHandle fd, long length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fsync(StoreHandle fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fdatasync(StoreHandle fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int syncfs(StoreHandle fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sync_file_range(StoreHandle fd, long offset, long nbytes, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fallocate(StoreHandle fd, int mode, long offset, long len);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial long lseek(StoreHandle fd, long offset, int whence);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mkdirat(StoreHandle dirfd, byte* pathname, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mknodat(StoreHandle dirfd, byte* pathname, uint mode, ulong dev);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int symlinkat(byte* target, StoreHandle newdirfd, byte* linkpath);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint readlinkat(StoreHandle dirfd, byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unlinkat(StoreHandle dirfd, byte* pathname, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int renameat2(StoreHandle olddirfd, byte* oldpath, StoreHandle newdirfd, byte* newpath, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int linkat(StoreHandle olddirfd, byte* oldpath, StoreHandle newdirfd, byte* newpath, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint syscall(nint number, nint fd, byte* pathname, nint mode, nint flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int chmod(byte* pathname, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchmod(StoreHandle fd, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchownat(StoreHandle dirfd, byte* pathname, uint owner, uint group, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int utimensat(StoreHandle dirfd, byte* pathname, timespec* times, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int futimens(StoreHandle fd, timespec* times);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint getdents64(StoreHandle fd, byte* dirp, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint fgetxattr(StoreHandle fd, byte* name, byte* value, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fsetxattr(StoreHandle fd, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint flistxattr(StoreHandle fd, byte* list, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fremovexattr(StoreHandle fd, byte* name);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fstatfs(StoreHandle fd, statfs_t* buf);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fstatvfs(StoreHandle fd, statvfs_t* buf);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int flock(StoreHandle fd, int operation);

    [LibraryImport(Library)]
    internal static partial uint geteuid();
}

using System.Runtime.InteropServices;

namespace SecureVault.Service.Native;

/// <summary>The C library, under its own names. Each sets the last P/Invoke error where it returns -1.</summary>
internal static unsafe partial class Libc
{
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int RLIMIT_CPU = 0;
    public const int RLIMIT_FSIZE = 1;
    public const int RLIMIT_DATA = 2;
    public const int RLIMIT_CORE = 4;
    public const int RLIMIT_NOFILE = 7;
    public const int RLIMIT_MEMLOCK = 8;
    public const int RLIMIT_AS = 9;
    public const int SIGUSR1 = 10;
    public const int SIGUSR2 = 12;
    public const int SIGALRM = 14;
    public const int SIGSTKFLT = 16;
    public const int SIGXCPU = 24;
    public const int SIGXFSZ = 25;
    public const int SIGVTALRM = 26;
    public const int SIGPROF = 27;
    public const int SIGIO = 29;
    public const int SIGPWR = 30;
    public const nint SIG_IGN = 1;
    public const int MCL_CURRENT = 1;
    public const int MCL_FUTURE = 2;
    public const int MCL_ONFAULT = 4;
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_APPEND = 0x400;
    public const int O_NOFOLLOW = 0x20000;
    public const int O_CLOEXEC = 0x80000;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const int SOL_SOCKET = 1;
    public const int SO_PEERCRED = 17;
    public const int SYS_pidfd_open = 434;
    public const int SYS_close_range = 436;
    public const nuint CLOSE_RANGE_CLOEXEC = 4;
    public const short POLLIN = 1;
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int ENOTDIR = 20;
    public const int ERANGE = 34;
    public const int ENOTCONN = 107;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getrlimit(int resource, out rlimit limit);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setrlimit(int resource, in rlimit limit);

    [LibraryImport("libc")]
    public static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    /// <summary>Returns only when it failed. arguments ends with a null pointer.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int execv([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte** arguments);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mlockall(int flags);

    [LibraryImport("libc")]
    public static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsid();

    [LibraryImport("libc")]
    public static partial void sync();

    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(int descriptor, int operation);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(pollfd* descriptors, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint pidfd_open(nint number, nint pid, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial nint close_range(nint number, nuint first, nuint last, nuint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlink(byte* path, byte* target, nuint size);

    /// <summary>Null resolved lets the C library allocate; free the answer.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial byte* realpath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* resolved);

    /// <summary>target has room for a struct statfs, 120 bytes; the file system is asked anew each time.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int statfs([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* target);

    [LibraryImport("libc")]
    public static partial void free(void* memory);

    /// <summary>Returns an error number itself.</summary>
    [LibraryImport("libc")]
    public static partial int getpwuid_r(uint uid, passwd* entry, byte* buffer, nuint size, passwd** result);

    /// <summary>Returns an error number itself.</summary>
    [LibraryImport("libc")]
    public static partial int getpwnam_r([MarshalAs(UnmanagedType.LPUTF8Str)] string name, passwd* entry, byte* buffer, nuint size, passwd** result);

    [LibraryImport("libc")]
    public static partial int getgrouplist(byte* user, uint group, uint* groups, int* count);

    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit
    {
        public nuint rlim_cur;
        public nuint rlim_max;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct pollfd
    {
        public int fd;
        public short events;
        public short revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct passwd
    {
        public byte* pw_name;
        public byte* pw_passwd;
        public uint pw_uid;
        public uint pw_gid;
        public byte* pw_gecos;
        public byte* pw_dir;
        public byte* pw_shell;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ucred
    {
        public int pid;
        public uint uid;
        public uint gid;
    }
}

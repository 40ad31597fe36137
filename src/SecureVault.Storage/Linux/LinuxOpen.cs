using System;
using System.Text;
using System.Threading;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Opens stored objects, and sets modes: the two meet where an owner's own mode forbids the open.</summary>
internal sealed unsafe class LinuxOpen
{
    private const uint OwnerReads = 0x180;
    private const uint OwnerWalks = 0x1C0;

    /// <summary>Held while a mode is granted and restored, so that nobody keeps a mode which was only lent. Innermost.</summary>
    private readonly Lock _lending = new();
    private readonly uint _self = LibC.geteuid();
    private readonly uint _umask = ProcessMask.Read();

    /// <summary>How many descriptors this process may have (RLIMIT_NOFILE).</summary>
    internal static int Limit()
    {
        const int posixLeast = 20; // _POSIX_OPEN_MAX
        return LibC.getrlimit(Kernel.RLIMIT_NOFILE, out rlimit limit) == 0 ? (int)Math.Min(limit.rlim_cur, int.MaxValue) : posixLeast;
    }

    internal static VaultStatus Root(string path, out StoreHandle? directory)
    {
        directory = null;
        if (path.Length == 0 || path.Contains('\0'))
        {
            return VaultStatus.Invalid;
        }

        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            int descriptor;
            do
            {
                descriptor = LibC.openat(Kernel.AT_FDCWD, bytes, Kernel.O_RDONLY | Kernel.O_DIRECTORY | Kernel.O_CLOEXEC, 0);
            }
            while (SystemCall.Again(descriptor));
            return Take(descriptor, out directory);
        }
    }

    internal static VaultStatus Again(StoreHandle directory, out StoreHandle? again)
    {
        byte* self = stackalloc byte[] { (byte)'.', 0 };
        int descriptor;
        do
        {
            descriptor = LibC.openat(directory, self, Kernel.O_RDONLY | Kernel.O_DIRECTORY | Kernel.O_CLOEXEC, 0);
        }
        while (SystemCall.Again(descriptor));
        return Take(descriptor, out again);
    }

    internal VaultStatus Directory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory)
    {
        const uint noMode = 0;
        int flags = Kernel.O_RDONLY | Kernel.O_DIRECTORY | Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC;
        VaultStatus status = Open(parent, name, flags, noMode, out directory);
        return status == VaultStatus.Denied ? OpenLent(parent, name, flags, OwnerWalks, out directory) : status;
    }

    internal VaultStatus File(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
    {
        int flags = FlagsOf(open);
        VaultStatus status = Open(directory, name, flags, mode, out file);
        if (status == VaultStatus.Denied && (open & (StoreOpen.Exclusive | StoreOpen.AsItIs)) == 0)
        {
            return OpenLent(directory, name, flags & ~Kernel.O_CREAT, OwnerReads, out file);
        }

        bool masked = (mode & _umask) != 0 && (open & (StoreOpen.Create | StoreOpen.Exclusive)) == (StoreOpen.Create | StoreOpen.Exclusive);
        return status == VaultStatus.Ok && masked ? SetMode(file!, mode) : status;
    }

    internal VaultStatus SetMode(StoreHandle handle, uint mode)
    {
        lock (_lending)
        {
            return SystemCall.Status(LibC.fchmod(handle, mode));
        }
    }

    internal VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode)
    {
        lock (_lending)
        {
            return ModeByName.Set(parent, name, mode);
        }
    }

    /// <summary>The owner's own mode is in the way: grants the bits, opens, restores.</summary>
    private VaultStatus OpenLent(StoreHandle parent, ReadOnlySpan<byte> name, int flags, uint grant, out StoreHandle? handle)
    {
        handle = null;
        lock (_lending)
        {
            VaultStatus status = LinuxAttributes.Stat(parent, name, out StoreStat stat);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            bool openable = stat.Kind is NodeKind.File or NodeKind.Directory;
            if (!openable || stat.Uid != _self || (stat.Mode & grant) == grant)
            {
                return VaultStatus.Denied;
            }

            if (ModeByName.Set(parent, name, stat.Mode | grant) != VaultStatus.Ok)
            {
                return VaultStatus.Denied;
            }

            status = Open(parent, name, flags, 0, out handle);
            VaultStatus restored = handle is null ? ModeByName.Set(parent, name, stat.Mode) : SystemCall.Status(LibC.fchmod(handle, stat.Mode));
            return status == VaultStatus.Ok ? restored : status;
        }
    }

    private static VaultStatus Open(StoreHandle parent, ReadOnlySpan<byte> name, int flags, uint mode, out StoreHandle? handle)
    {
        handle = null;
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        int descriptor;
        do
        {
            descriptor = LibC.openat(parent, path, flags, mode);
        }
        while (SystemCall.Again(descriptor));
        return Take(descriptor, out handle);
    }

    private static VaultStatus Take(int descriptor, out StoreHandle? handle)
    {
        handle = descriptor >= 0 ? new LinuxHandle(descriptor) : null;
        return SystemCall.Status(descriptor);
    }

    /// <summary>A fifo put where a file was must not make the open wait, nor a terminal become ours.</summary>
    internal static int FlagsOf(StoreOpen open)
    {
        int flags = Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC | Kernel.O_NONBLOCK | Kernel.O_NOCTTY;
        flags |= (open & StoreOpen.ReadWrite) != 0 ? Kernel.O_RDWR : Kernel.O_RDONLY;
        flags |= (open & StoreOpen.Create) != 0 ? Kernel.O_CREAT : 0;
        flags |= (open & StoreOpen.Exclusive) != 0 ? Kernel.O_EXCL : 0;
        flags |= (open & StoreOpen.Truncate) != 0 ? Kernel.O_TRUNC : 0;
        flags |= (open & StoreOpen.Append) != 0 ? Kernel.O_APPEND : 0;
        return flags;
    }
}

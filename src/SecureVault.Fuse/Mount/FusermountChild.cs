using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Native;

namespace SecureVault.Fuse.Mount;

/// <summary>Mounting and unmounting as an ordinary user: the set-uid program fusermount3 mounts and hands the descriptor over a socket.</summary>
internal static unsafe class FusermountChild
{
    private const string Program = "fusermount3";
    private const string SocketVariable = "_FUSE_COMMFD";

    /// <summary>True when fusermount3 is in the PATH.</summary>
    public static bool IsInstalled
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Program)));

    /// <summary>Mounts. The program adds fd, rootmode, user_id and group_id itself.</summary>
    /// <param name="descriptor">The caller's to close.</param>
    public static bool TryMount(MountRequest request, out int descriptor, out string error)
    {
        descriptor = -1;
        int* pair = stackalloc int[2];
        if (LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM, 0, pair) != 0)
        {
            error = $"no socket for {Program}: {MountRequest.LastError()}";
            return false;
        }

        int ours = pair[0];
        int theirs = pair[1];
        _ = LibC.fcntl(ours, LibC.F_SETFD, LibC.FD_CLOEXEC);
        string options = string.Create(
            CultureInfo.InvariantCulture,
            $"nosuid,nodev,default_permissions,fsname={request.Source},subtype={MountRequest.Subtype},max_read={request.MaxReadBytes}{(request.ReadOnly ? ",ro" : "")}{(request.AllowOthers ? ",allow_other" : "")}");
        int exit = Run(["-o", options, "--", request.MountPoint], theirs, out error);
        _ = LibC.close(theirs);
        if (exit == 0)
        {
            descriptor = Receive(ours);
            error = descriptor < 0 ? $"{Program} handed over no descriptor" : "";
        }

        _ = LibC.close(ours);
        return descriptor >= 0;
    }

    /// <summary>Unmounts. False with the program's words otherwise.</summary>
    public static bool TryUnmount(string mountPoint, bool lazy, out string error)
    {
        string[] arguments = lazy ? ["-u", "-z", "--", mountPoint] : ["-u", "--", mountPoint];
        return Run(arguments, -1, out error) == 0;
    }

    private static int Run(string[] arguments, int socket, out string error)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardInput = true };
        if (socket >= 0)
        {
            start.Environment[SocketVariable] = socket.ToString(CultureInfo.InvariantCulture);
        }

        try
        {
            using Process child = Process.Start(start)!;
            child.StandardInput.Close();
            error = child.StandardError.ReadToEnd().Trim().ReplaceLineEndings(" ");
            child.WaitForExit();
            return child.ExitCode;
        }
        catch (Win32Exception)
        {
            error = $"{Program} is not installed (package fuse3); without it only root can mount";
            return -1;
        }
    }

    /// <summary>Takes the one descriptor that travels with one byte. -1 when none came.</summary>
    private static int Receive(int socket)
    {
        byte one = 0;
        LibC.cmsg_descriptor control = default;
        var vector = new LibC.iovec { iov_base = &one, iov_len = 1 };
        var message = new LibC.msghdr
        {
            msg_iov = &vector,
            msg_iovlen = 1,
            msg_control = &control,
            msg_controllen = (nuint)sizeof(LibC.cmsg_descriptor),
        };
        nint got;
        do
        {
            got = LibC.recvmsg(socket, &message, LibC.MSG_CMSG_CLOEXEC);
        }
        while (got < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        bool carries = got > 0 && control.cmsg_level == LibC.SOL_SOCKET && control.cmsg_type == LibC.SCM_RIGHTS
            && control.cmsg_len >= (nuint)(sizeof(LibC.cmsg_descriptor) - sizeof(int));
        return carries ? control.descriptor : -1;
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using SecureVault.Service.Native;

namespace SecureVault.Service.Control;

/// <summary>A drive that answered: what it says, and the process and user the kernel vouches for.</summary>
internal sealed record FoundDrive(string Socket, int Pid, uint Uid, DriveState State);

/// <summary>Asks drives of this machine through their sockets.</summary>
internal sealed class ControlClient(TimeProvider clock)
{
    /// <summary>A drive answers in a millisecond; on a busy machine it may take longer, and only one that hangs costs all of it.</summary>
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(3);

    /// <summary>For those asked after one that used the patience up.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);

    /// <summary>An unmount waits for what is being written.</summary>
    private static readonly TimeSpan UnmountPatience = TimeSpan.FromSeconds(30);

    /// <summary>All drives with a socket in these folders that answer within the patience, asked together; sockets nobody listens at are removed.</summary>
    public IReadOnlyList<FoundDrive> FindAll(IEnumerable<string> runFolders)
    {
        var asked = new List<(string Path, Socket Socket)>();
        try
        {
            foreach (string folder in runFolders)
            {
                foreach (string path in SocketsIn(folder))
                {
                    if (TryAsk(path, "status") is { } socket)
                    {
                        asked.Add((path, socket));
                    }
                }
            }

            return Collect(asked);
        }
        finally
        {
            asked.ForEach(a => a.Socket.Dispose());
        }
    }

    /// <summary>Asks one drive to unmount; null when it did not answer.</summary>
    public ControlAnswer? Unmount(FoundDrive drive)
    {
        using Socket? socket = TryAsk(drive.Socket, "unmount");
        return socket is null ? null : TryReceive(socket, UnmountPatience);
    }

    private List<FoundDrive> Collect(List<(string Path, Socket Socket)> asked)
    {
        var found = new List<FoundDrive>();
        long start = clock.GetTimestamp();
        foreach ((string path, Socket socket) in asked)
        {
            TimeSpan left = StatusPatience - clock.GetElapsedTime(start);
            Libc.ucred peer = ControlSocket.PeerOf(socket);
            DriveState? state = TryReceive(socket, left > Least ? left : Least)?.Drive;

            // A user's process may not pass for another user's drive.
            if (state is not null && state.Uid == peer.uid && state.Pid == peer.pid)
            {
                found.Add(new FoundDrive(path, peer.pid, peer.uid, state));
            }
        }

        return found;
    }

    private ControlAnswer? TryReceive(Socket socket, TimeSpan patience)
    {
        try
        {
            return ControlSocket.Receive(socket, ControlJson.Default.ControlAnswer, clock, patience);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Socket? TryAsk(string path, string command)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = 3000 };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            ControlSocket.Send(socket, new ControlRequest(command), ControlJson.Default.ControlRequest);
            return socket;
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            if (failed.SocketErrorCode == SocketError.ConnectionRefused)
            {
                TryRemove(path);
            }

            return null;
        }
    }

    private static string[] SocketsIn(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "drive-*.sock");
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void TryRemove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Another user's: its owner's next command removes it.
        }
    }
}

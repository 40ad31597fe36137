using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using SecureVault.Service.Native;

namespace SecureVault.Service.Control;

/// <summary>A connected Unix socket.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UnixConnection : IControlConnection
{
    private readonly Socket _socket;

    /// <summary>Takes the socket over.</summary>
    public UnixConnection(Socket socket, int sendTimeoutMs)
    {
        _socket = socket;
        _socket.SendTimeout = sendTimeoutMs;
        Libc.ucred peer = default;
        socket.GetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_PEERCRED, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref peer, 1)));
        Peer = new ControlPeer(peer.pid, peer.uid, "");
    }

    /// <summary>As the kernel noted them at connect or listen.</summary>
    public ControlPeer Peer { get; }

    public bool PeerMayCommand => Peer.Uid == 0 || Peer.Uid == Libc.geteuid();

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (SocketException failed)
        {
            throw new IOException(failed.Message, failed);
        }
    }

    public int Receive(Span<byte> buffer, TimeSpan patience)
    {
        try
        {
            return _socket.Poll(patience, SelectMode.SelectRead) ? _socket.Receive(buffer) : -1;
        }
        catch (SocketException failed)
        {
            throw new IOException(failed.Message, failed);
        }
    }

    public void Dispose() => _socket.Dispose();
}

using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using Serilog;
using SecureVault.Service.Native;
using SecureVault.Service.State;

namespace SecureVault.Service.Control;

/// <summary>A drive's control socket: answers status and unmount to its owner and to root, to nobody else.</summary>
/// <remarks>One thread of its own, one peer at a time. Dispose removes the socket.</remarks>
internal sealed class ControlListener : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly string _path;
    private readonly Func<ControlRequest, ControlAnswer> _answer;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private volatile bool _ending;

    private ControlListener(Socket socket, string path, Func<ControlRequest, ControlAnswer> answer, TimeProvider clock, ILogger log)
    {
        _socket = socket;
        _path = path;
        _answer = answer;
        _clock = clock;
        _log = log;
        _thread = new Thread(Serve) { IsBackground = true, Name = "control" };
    }

    /// <summary>Listens in the run folder; answer is called on the listener's thread. IOException or SocketException when it cannot.</summary>
    public static ControlListener Start(string runFolder, Func<ControlRequest, ControlAnswer> answer, TimeProvider clock, ILogger log)
    {
        PrivateFolder.Ensure(runFolder, Libc.geteuid() == 0 ? PrivateFolder.OwnerAndReaders : PrivateFolder.OwnerOnly);
        string path = PathOf(runFolder, Environment.ProcessId);
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(16);
        }
        catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw new IOException($"{path}: the control socket cannot be made", refused);
        }

        var listener = new ControlListener(socket, path, answer, clock, log);
        listener._thread.Start();
        return listener;
    }

    /// <summary>Where the drive of a process listens.</summary>
    public static string PathOf(string runFolder, int pid) => Path.Combine(runFolder, string.Create(CultureInfo.InvariantCulture, $"drive-{pid}.sock"));

    public void Dispose()
    {
        if (!_ending)
        {
            _ending = true;
            File.Delete(_path);
            _socket.Dispose();
            if (Thread.CurrentThread != _thread)
            {
                _thread.Join(TimeSpan.FromSeconds(2));
            }
        }
    }

    private void Serve()
    {
        while (!_ending)
        {
            try
            {
                using Socket peer = _socket.Accept();
                Answer(peer);
            }
            catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
            {
                if (!_ending)
                {
                    Log.PeerFailed(_log, broken);
                }
            }
        }
    }

    private void Answer(Socket peer)
    {
        peer.SendTimeout = (int)Patience.TotalMilliseconds;
        uint uid = ControlSocket.PeerOf(peer).uid;
        if (uid != 0 && uid != Libc.geteuid())
        {
            Log.PeerRefused(_log, uid);
            return;
        }

        if (ControlSocket.Receive(peer, ControlJson.Default.ControlRequest, _clock, Patience) is { } request)
        {
            ControlSocket.Send(peer, Respond(request), ControlJson.Default.ControlAnswer);
        }
    }

    private ControlAnswer Respond(ControlRequest request)
    {
        try
        {
            return _answer(request);
        }
#pragma warning disable CA1031 // A broken answer must not end the listener: the drive could no longer be unmounted by command.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            Log.PeerFailed(_log, broken);
            return new ControlAnswer("the drive could not answer; its log says why", null);
        }
    }
}

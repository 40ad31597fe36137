using System;
using System.IO;
using System.Threading;
using Serilog;

namespace SecureVault.Service.Control;

/// <summary>A drive's control place: answers status and unmount to its owner and to administrators, to nobody else.</summary>
/// <remarks>One thread of its own, one peer at a time. Dispose removes the place.</remarks>
internal sealed class ControlListener : IDisposable
{
    /// <summary>How long a peer may keep others waiting before it asks; on a slow machine it may be a while between connecting and asking.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private readonly IControlEndpoint _endpoint;
    private readonly Func<ControlRequest, ControlAnswer> _answer;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _silence;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private volatile bool _ending;

    private ControlListener(IControlEndpoint endpoint, Func<ControlRequest, ControlAnswer> answer, TimeProvider clock, TimeSpan silence, ILogger log)
    {
        _endpoint = endpoint;
        _answer = answer;
        _clock = clock;
        _silence = silence;
        _log = log;
        _thread = new Thread(Serve) { IsBackground = true, Name = "control" };
    }

    /// <summary>Listens in the run folder; answer is called on the listener's thread. IOException when it cannot.</summary>
    /// <param name="silence">How long a peer may take to ask; five seconds when null.</param>
    public static ControlListener Start(IControlTransport transport, string runFolder, Func<ControlRequest, ControlAnswer> answer, TimeProvider clock, ILogger log, TimeSpan? silence = null)
    {
        var listener = new ControlListener(transport.Listen(runFolder), answer, clock, silence ?? LongestSilence, log);
        listener._thread.Start();
        return listener;
    }

    public void Dispose()
    {
        if (!_ending)
        {
            _ending = true;
            _endpoint.Dispose();
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
                using IControlConnection peer = _endpoint.Accept();
                Answer(peer);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                if (!_ending)
                {
                    Log.PeerFailed(_log, broken);
                }
            }
        }
    }

    private void Answer(IControlConnection peer)
    {
        if (!peer.PeerMayCommand)
        {
            Log.PeerRefused(_log, peer.Peer);
            return;
        }

        if (ControlLine.Receive(peer, ControlJson.ReadRequest, _clock, _silence) is { } request)
        {
            ControlLine.Send(peer, ControlJson.Write(Respond(request)));
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

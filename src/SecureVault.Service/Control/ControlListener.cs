using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Serilog;

namespace SecureVault.Service.Control;

/// <summary>A drive's control place: answers status and unmount to its owner and to administrators, to nobody else.</summary>
/// <remarks>One thread of its own, one peer at a time. A place that was taken away is made anew. Dispose removes the place.</remarks>
internal sealed class ControlListener : IDisposable
{
    /// <summary>How long a peer may keep others waiting before it asks; on a slow machine it may be a while between connecting and asking.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether the place still stands: cleaners and logind take run folders away.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Func<IControlEndpoint> _listen;
    private readonly Func<ControlRequest, ControlAnswer?> _answer;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _silence;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly ITimer _look;
    private readonly AutoResetEvent _looked = new(false);

    /// <summary>Protects what is below. A leaf.</summary>
    private readonly Lock _gate = new();
    private readonly List<IControlConnection> _waiting = [];
    private IControlEndpoint? _endpoint;
    private ControlAnswer? _last;
    private bool _removing;
    private bool _ending;

    private ControlListener(Func<IControlEndpoint> listen, Func<ControlRequest, ControlAnswer?> answer, TimeProvider clock, TimeSpan silence, ILogger log)
    {
        _listen = listen;
        _endpoint = listen();
        _answer = answer;
        _clock = clock;
        _silence = silence;
        _log = log;
        _thread = new Thread(Serve) { IsBackground = true, Name = "control" };
        _look = clock.CreateTimer(_ => LookAfterPlace(), null, Look, Look);
    }

    /// <summary>Listens in the run folder; answer is called on the listener's thread. IOException when it cannot.</summary>
    /// <param name="answer">Null: the peer gets the answer of Finish.</param>
    /// <param name="silence">How long a peer may take to ask; five seconds when null.</param>
    /// <param name="spare">Where to listen when the run folder was taken away and cannot be made anew; empty: nowhere.</param>
    public static ControlListener Start(IControlTransport transport, string runFolder, Func<ControlRequest, ControlAnswer?> answer, TimeProvider clock, ILogger log, TimeSpan? silence = null, string spare = "")
    {
        bool begun = false;
        var listener = new ControlListener(() => Listen(transport, runFolder, begun ? spare : ""), answer, clock, silence ?? LongestSilence, log);
        begun = true;
        listener._thread.Start();
        return listener;
    }

    /// <summary>Answers all who wait, and whoever asks to wait from now on.</summary>
    public void Finish(ControlAnswer last)
    {
        List<IControlConnection> waiting;
        lock (_gate)
        {
            _last = last;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (IControlConnection peer in waiting)
        {
            using (peer)
            {
                TrySend(peer, last);
            }
        }
    }

    public void Dispose()
    {
        IControlEndpoint? endpoint;
        lock (_gate)
        {
            if (_ending)
            {
                return;
            }

            _ending = true;
            endpoint = _endpoint;
            _endpoint = null;
        }

        _look.Dispose();
        endpoint?.Dispose();
        _looked.Set();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join(TimeSpan.FromSeconds(2));
        }

        _waiting.ForEach(peer => peer.Dispose());
    }

    private static IControlEndpoint Listen(IControlTransport transport, string runFolder, string spare)
    {
        try
        {
            return transport.Listen(runFolder);
        }
        catch (Exception refused) when (spare.Length > 0 && refused is IOException or UnauthorizedAccessException)
        {
            return transport.Listen(spare);
        }
    }

    private void LookAfterPlace()
    {
        IControlEndpoint? gone;
        lock (_gate)
        {
            gone = _ending || _endpoint is null or { Stands: true } ? null : _endpoint;
            _endpoint = gone is null ? _endpoint : null;
            _removing = gone is not null;
        }

        gone?.Dispose(); // ends the waiting Accept; removes what has its name, so the thread makes the place anew only then
        lock (_gate)
        {
            _removing = false;
        }

        _looked.Set();
    }

    private void Serve()
    {
        while (Current(out IControlEndpoint? endpoint))
        {
            if (endpoint is null)
            {
                _ = (!IsRemoving && TryListen()) || _looked.WaitOne(Look);
                continue;
            }

            try
            {
                IControlConnection peer = endpoint.Accept();
                bool waits = false;
                try
                {
                    waits = Answer(peer);
                }
                finally
                {
                    if (!waits)
                    {
                        peer.Dispose();
                    }
                }
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                if (Current(out IControlEndpoint? now) && ReferenceEquals(now, endpoint))
                {
                    Log.PeerFailed(_log, broken);
                }
            }
        }
    }

    private bool IsRemoving
    {
        get
        {
            lock (_gate)
            {
                return _removing;
            }
        }
    }

    /// <summary>False when it ends; null when the place was taken away.</summary>
    private bool Current(out IControlEndpoint? endpoint)
    {
        lock (_gate)
        {
            endpoint = _endpoint;
            return !_ending;
        }
    }

    private bool TryListen()
    {
        try
        {
            IControlEndpoint endpoint = _listen();
            lock (_gate)
            {
                if (!_ending)
                {
                    _endpoint = endpoint;
                    Log.PlaceMade(_log);
                    return true;
                }
            }

            endpoint.Dispose();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false; // the next look tries again
        }
    }

    /// <summary>True when the peer waits for Finish.</summary>
    private bool Answer(IControlConnection peer)
    {
        if (!peer.PeerMayCommand)
        {
            Log.PeerRefused(_log, peer.Peer);
            return false;
        }

        if (ControlLine.Receive(peer, ControlJson.ReadRequest, _clock, _silence) is not { } request)
        {
            return false;
        }

        ControlAnswer? answer = Respond(request);
        lock (_gate)
        {
            answer ??= _last;
            if (answer is null)
            {
                _waiting.Add(peer);
                return true;
            }
        }

        ControlLine.Send(peer, ControlJson.Write(answer));
        return false;
    }

    private ControlAnswer? Respond(ControlRequest request)
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

    private void TrySend(IControlConnection peer, ControlAnswer answer)
    {
        try
        {
            ControlLine.Send(peer, ControlJson.Write(answer));
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            Log.PeerFailed(_log, gone);
        }
    }
}

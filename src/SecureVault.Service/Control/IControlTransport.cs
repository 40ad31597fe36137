using System;
using System.Collections.Generic;

namespace SecureVault.Service.Control;

/// <summary>How commands and drives find and reach each other on this machine.</summary>
/// <remarks>Any thread. A place is a path in a run folder: one for each drive.</remarks>
internal interface IControlTransport
{
    /// <summary>Opens the place of this process's drive. IOException when it cannot be made.</summary>
    IControlEndpoint Listen(string runFolder);

    /// <summary>The places in a run folder; none when it is missing or may not be listed.</summary>
    IReadOnlyList<string> PlacesIn(string runFolder);

    /// <summary>Connects; null when nobody answers. A place that nobody listens at is removed.</summary>
    IControlConnection? Connect(string place);
}

/// <summary>The drive's side of a place. Dispose ends a waiting Accept and removes the place, if it is still there.</summary>
internal interface IControlEndpoint : IDisposable
{
    /// <summary>False when the place was taken away: nobody finds the drive there any more.</summary>
    bool Stands { get; }

    /// <summary>Waits for the next command. IOException when it failed, ObjectDisposedException after Dispose.</summary>
    IControlConnection Accept();
}

/// <summary>One command and its answer. One thread.</summary>
internal interface IControlConnection : IDisposable
{
    /// <summary>Who is at the other end.</summary>
    ControlPeer Peer { get; }

    /// <summary>True when the other end may command this process's drive: its owner or an administrator.</summary>
    bool PeerMayCommand { get; }

    /// <summary>Sends all of it. IOException.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Receives what there is: 0 when the other end has ended, -1 when nothing came in time. IOException.</summary>
    int Receive(Span<byte> buffer, TimeSpan patience);
}

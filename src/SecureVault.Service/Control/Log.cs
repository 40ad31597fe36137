using System;
using Serilog;

namespace SecureVault.Service.Control;

/// <summary>Events 200 to 299: the control place.</summary>
internal static class Log
{
    public static void PeerFailed(ILogger log, Exception cause) => log.ForContext("EventId", 200).Warning(cause, "A request at the control socket failed");

    public static void PlaceMade(ILogger log) => log.ForContext("EventId", 202).Warning("The control socket had been taken away and was made anew");

    public static void PeerRefused(ILogger log, ControlPeer peer) => log.ForContext("EventId", 201).Warning("User {Uid} was refused at the control socket", peer.Uid);
}

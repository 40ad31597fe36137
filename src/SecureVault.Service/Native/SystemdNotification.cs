using System;
using System.Net.Sockets;
using System.Text;

namespace SecureVault.Service.Native;

/// <summary>Tells systemd how far this process is, when systemd asked for it (sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names).</summary>
internal static class SystemdNotification
{
    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>Requests are served.</summary>
    public static void Ready() => Tell("READY=1");

    /// <summary>The end has begun.</summary>
    public static void Stopping() => Tell("STOPPING=1");

    // Nobody is there, or nobody listens any more: the drive lives on all the same.
    private static void Tell(string state)
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Variable) is not { Length: > 1 } place || place[0] is not ('/' or '@'))
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(place[0] == '@' ? "\0" + place[1..] : place));
        }
        catch (Exception unheard) when (unheard is SocketException or ArgumentOutOfRangeException)
        {
        }
    }
}

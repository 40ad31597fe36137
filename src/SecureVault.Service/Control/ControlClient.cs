using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace SecureVault.Service.Control;

/// <summary>A drive that answered: where, who the system says it is, and what it says.</summary>
internal sealed record FoundDrive(string Place, ControlPeer Peer, DriveState State);

/// <summary>Asks drives of this machine.</summary>
/// <param name="patience">How long drives have to answer when asked for their status; <see cref="StatusPatience"/> when null.</param>
internal sealed class ControlClient(IControlTransport transport, TimeProvider clock, TimeSpan? patience = null)
{
    /// <summary>A drive answers in a millisecond, on a slow and busy machine in seconds; only one that hangs costs all of it.</summary>
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(20);

    /// <summary>For those asked after one that used the patience up.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);

    /// <summary>An unmount is answered when everything is saved.</summary>
    private static readonly TimeSpan UnmountPatience = TimeSpan.FromMinutes(2);

    private readonly TimeSpan _statusPatience = patience ?? StatusPatience;

    /// <summary>All drives with a place in these folders that answer within the patience, asked together; places nobody listens at are removed.</summary>
    public IReadOnlyList<FoundDrive> FindAll(IEnumerable<string> runFolders)
    {
        var asked = new List<(string Place, IControlConnection Connection)>();
        try
        {
            foreach (string place in runFolders.SelectMany(transport.PlacesIn))
            {
                if (TryAsk(place, ControlRequest.Status) is { } connection)
                {
                    asked.Add((place, connection));
                }
            }

            return Collect(asked);
        }
        finally
        {
            asked.ForEach(a => a.Connection.Dispose());
        }
    }

    /// <summary>Asks one drive to unmount, whoever has files open there when force; null when it did not answer, or broke off.</summary>
    public ControlAnswer? Unmount(FoundDrive drive, bool force = false)
    {
        using IControlConnection? connection = TryAsk(drive.Place, force ? ControlRequest.Force : ControlRequest.Unmount);
        return connection is null ? null : TryReceive(connection, UnmountPatience);
    }

    private List<FoundDrive> Collect(List<(string Place, IControlConnection Connection)> asked)
    {
        var found = new List<FoundDrive>();
        long start = clock.GetTimestamp();
        foreach ((string place, IControlConnection connection) in asked)
        {
            TimeSpan left = _statusPatience - clock.GetElapsedTime(start);
            DriveState? state = TryReceive(connection, left > Least ? left : Least)?.Drive;

            // A user's process may not pass for another user's drive.
            if (state is not null && new ControlPeer(state.Pid, state.Uid, state.Sid) == connection.Peer)
            {
                found.Add(new FoundDrive(place, connection.Peer, state));
            }
        }

        return found;
    }

    private ControlAnswer? TryReceive(IControlConnection connection, TimeSpan longest)
    {
        try
        {
            return ControlLine.Receive(connection, ControlJson.ReadAnswer, clock, longest);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private IControlConnection? TryAsk(string place, string command)
    {
        ReadOnlyMemory<byte> request = ControlJson.Write(new ControlRequest(command)); // before: the drive waits for who has connected
        IControlConnection? connection = transport.Connect(place);
        try
        {
            if (connection is not null)
            {
                ControlLine.Send(connection, request);
            }

            return connection;
        }
        catch (IOException)
        {
            connection?.Dispose();
            return null;
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace SecureVault.Service.Control;

/// <summary>A drive that answered: where, who the system says it is, and what it says.</summary>
internal sealed record FoundDrive(string Place, ControlPeer Peer, DriveState State);

/// <summary>Asks drives of this machine.</summary>
internal sealed class ControlClient(IControlTransport transport, TimeProvider clock)
{
    /// <summary>A drive answers in a millisecond; on a busy machine it may take longer, and only one that hangs costs all of it.</summary>
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(3);

    /// <summary>For those asked after one that used the patience up.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);

    /// <summary>An unmount waits for what is being written.</summary>
    private static readonly TimeSpan UnmountPatience = TimeSpan.FromSeconds(30);

    /// <summary>All drives with a place in these folders that answer within the patience, asked together; places nobody listens at are removed.</summary>
    public IReadOnlyList<FoundDrive> FindAll(IEnumerable<string> runFolders)
    {
        var asked = new List<(string Place, IControlConnection Connection)>();
        try
        {
            foreach (string place in runFolders.SelectMany(transport.PlacesIn))
            {
                if (TryAsk(place, "status") is { } connection)
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

    /// <summary>Asks one drive to unmount; null when it did not answer.</summary>
    public ControlAnswer? Unmount(FoundDrive drive)
    {
        using IControlConnection? connection = TryAsk(drive.Place, "unmount");
        return connection is null ? null : TryReceive(connection, UnmountPatience);
    }

    private List<FoundDrive> Collect(List<(string Place, IControlConnection Connection)> asked)
    {
        var found = new List<FoundDrive>();
        long start = clock.GetTimestamp();
        foreach ((string place, IControlConnection connection) in asked)
        {
            TimeSpan left = StatusPatience - clock.GetElapsedTime(start);
            DriveState? state = TryReceive(connection, left > Least ? left : Least)?.Drive;

            // A user's process may not pass for another user's drive.
            if (state is not null && new ControlPeer(state.Pid, state.Uid, state.Sid) == connection.Peer)
            {
                found.Add(new FoundDrive(place, connection.Peer, state));
            }
        }

        return found;
    }

    private ControlAnswer? TryReceive(IControlConnection connection, TimeSpan patience)
    {
        try
        {
            return ControlLine.Receive(connection, ControlJson.ReadAnswer, clock, patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private IControlConnection? TryAsk(string place, string command)
    {
        IControlConnection? connection = transport.Connect(place);
        try
        {
            if (connection is not null)
            {
                ControlLine.Send(connection, ControlJson.Write(new ControlRequest(command)));
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

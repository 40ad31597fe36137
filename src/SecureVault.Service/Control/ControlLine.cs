using System;

namespace SecureVault.Service.Control;

/// <summary>What both ends of a control connection share: one JSON line each way.</summary>
internal static class ControlLine
{
    /// <summary>Longest line, in bytes: paths are at most 4096 each.</summary>
    public const int Longest = 64 * 1024;

    /// <summary>Sends one line. IOException.</summary>
    public static void Send(IControlConnection connection, ReadOnlyMemory<byte> json) => connection.Send([.. json.Span, (byte)'\n']);

    /// <summary>Receives one line before the deadline and reads it; null when none came, it is too long or no such message. IOException.</summary>
    public static T? Receive<T>(IControlConnection connection, Func<ReadOnlyMemory<byte>, T?> read, TimeProvider clock, TimeSpan patience)
        where T : class
    {
        byte[] line = new byte[Longest];
        long start = clock.GetTimestamp();
        int length = 0;
        while (length < line.Length)
        {
            TimeSpan left = patience - clock.GetElapsedTime(start);
            int got = left > TimeSpan.Zero ? connection.Receive(line.AsSpan(length), left) : -1;
            if (got <= 0)
            {
                return null;
            }

            int end = line.AsSpan(length, got).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return read(line.AsMemory(0, length + end));
            }

            length += got;
        }

        return null;
    }
}

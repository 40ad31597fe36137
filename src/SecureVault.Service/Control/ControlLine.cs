using System;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SecureVault.Service.Control;

/// <summary>What both ends of a control connection share: one JSON line each way.</summary>
internal static class ControlLine
{
    /// <summary>Longest line, in bytes: paths are at most 4096 each.</summary>
    public const int Longest = 64 * 1024;

    /// <summary>Sends one line. IOException.</summary>
    public static void Send<T>(IControlConnection connection, T message, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(message, type);
        byte[] line = new byte[json.Length + 1];
        json.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        connection.Send(line);
    }

    /// <summary>Receives one line before the deadline; null when none came, it is too long or no such message. IOException.</summary>
    public static T? Receive<T>(IControlConnection connection, JsonTypeInfo<T> type, TimeProvider clock, TimeSpan patience)
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
                return Parse(line.AsSpan(0, length + end), type);
            }

            length += got;
        }

        return null;
    }

    private static T? Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

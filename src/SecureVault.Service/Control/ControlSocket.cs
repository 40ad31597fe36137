using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SecureVault.Service.Native;

namespace SecureVault.Service.Control;

/// <summary>What both ends of a control socket share: one JSON line each way, and who the other end is.</summary>
internal static class ControlSocket
{
    /// <summary>Longest line, in bytes: paths are at most 4096 each.</summary>
    public const int LongestLine = 64 * 1024;

    /// <summary>Process and user of the other end, as the kernel noted them at connect or listen.</summary>
    public static Libc.ucred PeerOf(Socket socket)
    {
        Libc.ucred peer = default;
        socket.GetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_PEERCRED, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref peer, 1)));
        return peer;
    }

    /// <summary>Sends one line.</summary>
    public static void Send<T>(Socket socket, T message, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(message, type);
        byte[] line = new byte[json.Length + 1];
        json.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        for (int sent = 0; sent < line.Length;)
        {
            sent += socket.Send(line.AsSpan(sent));
        }
    }

    /// <summary>Receives one line before the deadline; default when none came, it is too long or no such message.</summary>
    public static T? Receive<T>(Socket socket, JsonTypeInfo<T> type, TimeProvider clock, TimeSpan patience)
        where T : class
    {
        byte[] line = new byte[LongestLine];
        long start = clock.GetTimestamp();
        int length = 0;
        while (length < line.Length)
        {
            TimeSpan left = patience - clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || !socket.Poll(left, SelectMode.SelectRead))
            {
                return null;
            }

            int got = socket.Receive(line.AsSpan(length));
            int end = line.AsSpan(length, got).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return Parse(line.AsSpan(0, length + end), type);
            }

            length += got;
            if (got == 0)
            {
                return null;
            }
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

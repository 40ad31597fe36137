using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using SecureVault.Service.Native;
using SecureVault.Service.PrivateFiles;

namespace SecureVault.Service.Control;

/// <summary>A socket of each drive in the run folder, drive-PID.sock, open to its owner and to root.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UnixSockets(IPrivateFiles files) : IControlTransport
{
    /// <summary>unix(7): sun_path has 108 bytes, the NUL among them.</summary>
    private const int LongestPath = 107;

    /// <exception cref="PathTooLongException">With a sentence for a person.</exception>
    public IControlEndpoint Listen(string runFolder)
    {
        files.Ensure(runFolder, readers: Libc.geteuid() == 0);
        string path = Path.Combine(runFolder, string.Create(CultureInfo.InvariantCulture, $"drive-{Environment.ProcessId}.sock"));
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            throw new PathTooLongException($"{runFolder} is too long: the drive's socket in it, {path}, may have {LongestPath} bytes at most. Choose a shorter folder with --set runFolder=FOLDER or SECUREVAULT_RUNFOLDER");
        }

        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(16);
            return new Endpoint(socket, path);
        }
        catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw new IOException($"{path}: the control socket cannot be made", refused);
        }
    }

    public IReadOnlyList<string> PlacesIn(string runFolder)
    {
        try
        {
            return Directory.GetFiles(runFolder, "drive-*.sock");
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public IControlConnection? Connect(string place)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(place));
            return new UnixConnection(socket, sendTimeoutMs: 3000);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            if (failed.SocketErrorCode == SocketError.ConnectionRefused)
            {
                TryRemove(place);
            }

            return null;
        }
    }

    private static void TryRemove(string place)
    {
        try
        {
            File.Delete(place);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Another user's: its owner's next command removes it.
        }
    }

    private sealed class Endpoint(Socket socket, string path) : IControlEndpoint
    {
        public bool Stands => File.Exists(path);

        public IControlConnection Accept()
        {
            try
            {
                return new UnixConnection(socket.Accept(), sendTimeoutMs: 1000);
            }
            catch (SocketException failed)
            {
                throw new IOException(failed.Message, failed);
            }
        }

        public void Dispose()
        {
            TryRemove(path);
            socket.Dispose();
        }
    }
}

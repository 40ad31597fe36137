using System;
using System.IO;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Principal;
using System.Threading;
using SecureVault.Service.Native;

namespace SecureVault.Service.Control;

/// <summary>A connected named pipe.</summary>
[SupportedOSPlatform("windows")]
internal sealed class PipeConnection : IControlConnection
{
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    private readonly PipeStream _pipe;

    /// <summary>Takes the pipe over. IOException when the other end is gone already.</summary>
    /// <param name="pipe">Connected.</param>
    /// <param name="served">True at the drive's end.</param>
    public PipeConnection(PipeStream pipe, bool served)
    {
        _pipe = pipe;
        uint pid;
        bool known = served ? Kernel32.GetNamedPipeClientProcessId(pipe.SafePipeHandle, out pid) : Kernel32.GetNamedPipeServerProcessId(pipe.SafePipeHandle, out pid);
        if (!known)
        {
            string reason = Marshal.GetLastPInvokeErrorMessage();
            pipe.Dispose();
            throw new IOException(reason);
        }

        Peer = new ControlPeer((int)pid, null, served ? "" : OwnerOf(pipe));
    }

    /// <summary>At the command's end: the process that serves the pipe and the user who owns it. At the drive's end: the process alone.</summary>
    public ControlPeer Peer { get; }

    /// <summary>The pipe's access control list has let only such in.</summary>
    public bool PeerMayCommand => true;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        using var deadline = new CancellationTokenSource(SendPatience);
        try
        {
            _pipe.WriteAsync(bytes.ToArray(), deadline.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException late)
        {
            throw new IOException("The other end does not read.", late);
        }
    }

    public int Receive(Span<byte> buffer, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        byte[] bytes = new byte[buffer.Length];
        try
        {
            int length = _pipe.ReadAsync(bytes, deadline.Token).AsTask().GetAwaiter().GetResult();
            bytes.AsSpan(0, length).CopyTo(buffer);
            return length;
        }
        catch (OperationCanceledException)
        {
            return -1;
        }
    }

    public void Dispose() => _pipe.Dispose();

    private static string OwnerOf(PipeStream pipe) => (pipe.GetAccessControl().GetOwner(typeof(SecurityIdentifier)) as SecurityIdentifier)?.Value ?? "";
}

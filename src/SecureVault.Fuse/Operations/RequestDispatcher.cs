using System;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Operations;

/// <summary>Bytes of a request in, bytes of its reply out. The only place that catches, logs and answers; needs no device and no mount.</summary>
/// <remarks>Any thread, concurrently, each with its own buffers. READ, WRITE, GETATTR and LOOKUP do not allocate.</remarks>
internal sealed class RequestDispatcher
{
    private readonly DriveState _state;
    private readonly OperationTable _table = new();

    public RequestDispatcher(DriveState state)
    {
        _state = state;
        new SessionOperations(state).AddTo(_table);
        new NodeOperations(state).AddTo(_table);
        new NameOperations(state).AddTo(_table);
        new OpenOperations(state).AddTo(_table);
        new ContentOperations(state).AddTo(_table);
        new DirectoryOperations(state).AddTo(_table);
        new XattrOperations(state).AddTo(_table);
        Refusals.AddTo(_table);
    }

    /// <summary>Handles one request.</summary>
    /// <param name="request">What one read of the device gave; hostile bytes are answered, never thrown at.</param>
    /// <param name="reply">At least a header and the negotiated request size; not overlapping the request.</param>
    /// <param name="afterwards">To be given to <see cref="Afterwards"/> when the reply was sent; null = nothing.</param>
    /// <returns>Bytes of reply to write, 0 = none is due.</returns>
    public int Process(ReadOnlySpan<byte> request, Span<byte> reply, out Action? afterwards)
    {
        var writer = new ReplyWriter(reply);
        bool whole = RequestReader.TryParse(request, out RequestReader reader, out fuse_in_header header);
        OperationEntry? entry = _table.Find(header.opcode);
        bool answers = entry?.Answers ?? true;
        int errno;
        if (!whole)
        {
            _state.Log.Trouble($"A request of {request.Length} bytes with a header for {header.len} was refused.");
            answers &= header.unique != 0;
            errno = Errno.EIO;
        }
        else if (entry is null)
        {
            errno = Errno.ENOSYS;
        }
        else if (_state.Protocol is null != (header.opcode == (uint)fuse_opcode.FUSE_INIT))
        {
            errno = Errno.EIO;
        }
        else
        {
            errno = reader.Left < entry.MinimumBody ? Errno.EINVAL : Run(entry, ref reader, ref writer);
        }

        if (entry?.Changes ?? false)
        {
            _state.Changed();
        }

        afterwards = writer.Afterwards;
        return answers ? writer.Finish(header.unique, errno) : 0;
    }

    /// <summary>Answers a request without serving it.</summary>
    /// <returns>Bytes of reply to write, 0 = none is due.</returns>
    public int Refuse(ReadOnlySpan<byte> request, Span<byte> reply, int errno)
    {
        _ = RequestReader.TryParse(request, out _, out fuse_in_header header);
        bool answers = (_table.Find(header.opcode)?.Answers ?? true) && header.unique != 0;
        return answers ? new ReplyWriter(reply).Finish(header.unique, errno) : 0;
    }

    /// <summary>Runs what a request left to be done; nobody waits for it.</summary>
    public void Afterwards(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception)
        {
            _state.Log.OperationFailed(nameof(Afterwards), exception);
        }
    }

    private int Run(OperationEntry entry, ref RequestReader reader, ref ReplyWriter writer)
    {
        try
        {
            return entry.Handler(ref reader, ref writer);
        }
        catch (Exception exception)
        {
            _state.Log.OperationFailed(entry.Name, exception);
            return Errno.EIO;
        }
    }
}

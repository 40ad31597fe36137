using System;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Operations;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Session;

/// <summary>How one turn of the loop ended.</summary>
internal enum Turn : byte
{
    /// <summary>A request was served, or there was none after all.</summary>
    Served,

    /// <summary>The drive is unmounted or the connection aborted.</summary>
    Ended,
}

/// <summary>One thread's descriptor and buffers: reads a request, has it processed, writes the reply.</summary>
/// <remarks>
/// One thread at a time. Both buffers are native, page-aligned so that a WRITE's bytes and a READ's bytes begin on a page, and wiped at the end
/// because they held plaintext.
/// </remarks>
internal sealed unsafe class RequestWorker : IDisposable
{
    private const int PageSize = 4096;

    private readonly RequestDispatcher _dispatcher;
    private readonly IFuseLog _log;
    private readonly int _descriptor;
    private readonly bool _ownsDescriptor;
    private readonly int _areaSize;
    private byte* _requestArea;
    private byte* _replyArea;

    /// <param name="descriptor">A connected /dev/fuse.</param>
    /// <param name="ownsDescriptor">True: closed by Dispose.</param>
    /// <param name="maxRequestBytes">Bytes of the largest read or write.</param>
    public RequestWorker(RequestDispatcher dispatcher, IFuseLog log, int descriptor, bool ownsDescriptor, int maxRequestBytes)
    {
        (_dispatcher, _log, _descriptor, _ownsDescriptor) = (dispatcher, log, descriptor, ownsDescriptor);
        _areaSize = maxRequestBytes + (2 * PageSize);
        _requestArea = (byte*)NativeMemory.AlignedAlloc((nuint)_areaSize, PageSize);
        _replyArea = (byte*)NativeMemory.AlignedAlloc((nuint)_areaSize, PageSize);
    }

    /// <summary>Waits for one request and answers it.</summary>
    public Turn ServeOne()
    {
        const int requestOffset = PageSize - fuse_in_header.Size - fuse_write_in.Size;
        const int replyOffset = PageSize - fuse_out_header.Size;
        byte* request = _requestArea + requestOffset;
        byte* reply = _replyArea + replyOffset;
        nint got = LibC.read(_descriptor, request, (nuint)(_areaSize - requestOffset));
        if (got <= 0)
        {
            return AfterFailedRead(got < 0 ? Marshal.GetLastPInvokeError() : Errno.ENODEV);
        }

        int length = _dispatcher.Process(new ReadOnlySpan<byte>(request, (int)got), new Span<byte>(reply, _areaSize - replyOffset));
        return length == 0 ? Turn.Served : Send(reply, length);
    }

    // ENOENT: the request was withdrawn while it was being handed over. EINTR: a signal came. EAGAIN: another thread was faster.
    private Turn AfterFailedRead(int errno)
    {
        if (errno is Errno.ENOENT or Errno.EINTR or Errno.EAGAIN)
        {
            return Turn.Served;
        }

        // ENODEV: unmounted. ECONNABORTED: aborted. Anything else cannot be served either.
        if (errno is not (Errno.ENODEV or Errno.ECONNABORTED))
        {
            _log.Trouble($"Reading /dev/fuse failed: {Mount.MountRequest.ErrorText(errno)}.");
        }

        return Turn.Ended;
    }

    /// <summary>ENOENT: the connection was aborted meanwhile, nobody waits. A reply the kernel finds malformed is replaced by EIO, so that its caller never hangs.</summary>
    private Turn Send(byte* reply, int length)
    {
        int errno = TryWrite(reply, length);
        if (errno is 0 or Errno.ENOENT or Errno.ENODEV)
        {
            return errno == Errno.ENODEV ? Turn.Ended : Turn.Served;
        }

        _log.Trouble($"The kernel refused a reply of {length} bytes: {Mount.MountRequest.ErrorText(errno)}.");
        var header = (fuse_out_header*)reply;
        header->len = fuse_out_header.Size;
        header->error = -Errno.EIO;
        _ = TryWrite(reply, fuse_out_header.Size);
        return Turn.Served;
    }

    private int TryWrite(byte* reply, int length)
    {
        int errno;
        do
        {
            errno = LibC.write(_descriptor, reply, (nuint)length) >= 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (errno == Errno.EINTR);
        return errno;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_requestArea is null)
        {
            return;
        }

        NativeMemory.Clear(_requestArea, (nuint)_areaSize);
        NativeMemory.Clear(_replyArea, (nuint)_areaSize);
        NativeMemory.AlignedFree(_requestArea);
        NativeMemory.AlignedFree(_replyArea);
        _requestArea = null;
        _replyArea = null;
        if (_ownsDescriptor)
        {
            _ = LibC.close(_descriptor);
        }
    }
}

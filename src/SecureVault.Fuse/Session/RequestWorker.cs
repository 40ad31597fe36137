using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Operations;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Session;

/// <summary>What a look at the device found.</summary>
internal enum Turn : byte
{
    /// <summary>A request, to be served now.</summary>
    Request,

    /// <summary>Nothing yet.</summary>
    Nothing,

    /// <summary>The drive is unmounted or the connection aborted.</summary>
    Ended,
}

/// <summary>One thread's descriptors and buffers: takes a request, has it processed, writes the reply.</summary>
/// <remarks>
/// One thread at a time. Both buffers are native, page-aligned so that a WRITE's bytes and a READ's bytes begin on a page, and wiped at the end
/// because they held plaintext.
/// </remarks>
internal sealed unsafe class RequestWorker : IDisposable
{
    private const int PageSize = 4096;
    private const int RequestOffset = PageSize - fuse_in_header.Size - fuse_write_in.Size;
    private const int ReplyOffset = PageSize - fuse_out_header.Size;

    private readonly RequestDispatcher _dispatcher;
    private readonly IFuseLog _log;
    private readonly int _shared;
    private readonly int _looking;
    private readonly int _sleeping;
    private readonly int _bell;
    private readonly int _areaSize;
    private byte* _requestArea;
    private byte* _replyArea;
    private int _length;
    private bool _serves;
    private int _from; // the descriptor that the request was taken from; its reply goes there

    /// <param name="shared">A connected /dev/fuse that does not block (O_NONBLOCK); the caller's to close.</param>
    /// <param name="looking">A clone of it, as it; the worker's own. -1: it looks at the shared one.</param>
    /// <param name="sleeping">A clone that blocks; the worker's own. -1: it never sleeps in read(2).</param>
    /// <param name="bell">An eventfd that is rung when the session is cut; the caller's to close.</param>
    /// <param name="maxRequestBytes">Bytes of the largest read or write.</param>
    public RequestWorker(RequestDispatcher dispatcher, IFuseLog log, int shared, int looking, int sleeping, int bell, int maxRequestBytes)
    {
        (_dispatcher, _log, _shared, _looking, _sleeping, _bell) = (dispatcher, log, shared, looking >= 0 ? looking : shared, sleeping, bell);
        _areaSize = maxRequestBytes + (2 * PageSize);
        _requestArea = (byte*)NativeMemory.AlignedAlloc((nuint)_areaSize, PageSize);
        _replyArea = (byte*)NativeMemory.AlignedAlloc((nuint)_areaSize, PageSize);
    }

    /// <summary>Whether a request is being served just now. Of the worker's thread; read by who cuts the session.</summary>
    public bool Serves
    {
        get => Volatile.Read(ref _serves);
        set => Volatile.Write(ref _serves, value);
    }

    /// <summary>Bytes of the request under way.</summary>
    private ReadOnlySpan<byte> Request => new(_requestArea + RequestOffset, _length);

    /// <summary>Whether others should not wait until the request under way is served: much to encrypt or decrypt, or a wait for the disk.</summary>
    public bool IsLong => LongRequests.Is(Request);

    /// <summary>Thread that asks for the request under way; 0 is the kernel itself.</summary>
    public uint Caller => MemoryMarshal.TryRead(Request, out fuse_in_header header) ? header.pid : 0;

    /// <summary>Whether TakeAsleep may be called.</summary>
    public bool CanSleep => _sleeping >= 0;

    /// <summary>Takes a request if one waits; never waits itself.</summary>
    public Turn TryTake() => TakeFrom(_looking);

    /// <summary>Takes a request, asleep until there is one: of several threads that sleep so the kernel wakes one. Nothing: a signal came.</summary>
    public Turn TakeAsleep() => TakeFrom(_sleeping);

    /// <summary>Takes a request, waiting for it: busily while the pace says that it comes soon, then asleep.</summary>
    public Turn Take(Pace pace)
    {
        long began = Stopwatch.GetTimestamp();
        Turn turn = TryTake();
        for (long looked = began; turn == Turn.Nothing && pace.KeepsLooking(Stopwatch.GetTimestamp(), began, ref looked);)
        {
            Thread.Yield();
            turn = TryTake();
        }

        while (turn == Turn.Nothing)
        {
            turn = WaitAsleep() ? Turn.Ended : TryTake(); // whatever it finds, the next read says what is true
        }

        pace.Note(Stopwatch.GetTimestamp() - began);
        return turn;
    }

    /// <summary>Serves the request that was taken, and does what is left to do when its reply was sent.</summary>
    public Turn Serve()
    {
        byte* reply = _replyArea + ReplyOffset;
        int length = _dispatcher.Process(Request, new Span<byte>(reply, _areaSize - ReplyOffset), out Action? afterwards);
        Turn turn = length == 0 ? Turn.Nothing : Send(reply, length);
        if (afterwards is not null)
        {
            _dispatcher.Afterwards(afterwards);
        }

        return turn;
    }

    /// <summary>Answers the request that was taken as one to a drive that is gone.</summary>
    public void Refuse()
    {
        byte* reply = _replyArea + ReplyOffset;
        int length = _dispatcher.Refuse(Request, new Span<byte>(reply, _areaSize - ReplyOffset), Errno.ENOTCONN);
        _ = length == 0 ? Turn.Nothing : Send(reply, length);
    }

    private Turn TakeFrom(int descriptor)
    {
        _from = descriptor;
        nint got = LibC.read(descriptor, _requestArea + RequestOffset, (nuint)(_areaSize - RequestOffset));
        _length = (int)Math.Max(got, 0);
        return got > 0 ? Turn.Request : AfterFailedRead(got < 0 ? Marshal.GetLastPInvokeError() : Errno.ENODEV);
    }

    /// <summary>True when the bell was rung.</summary>
    private bool WaitAsleep()
    {
        LibC.pollfd* wanted = stackalloc LibC.pollfd[2];
        wanted[0] = new LibC.pollfd { fd = _looking, events = LibC.POLLIN };
        wanted[1] = new LibC.pollfd { fd = _bell, events = LibC.POLLIN };
        return LibC.poll(wanted, 2, -1) > 0 && wanted[1].revents != 0;
    }

    // ENOENT: the request was withdrawn while it was being handed over. EINTR: a signal came. EAGAIN: there is none, or another thread was faster.
    private Turn AfterFailedRead(int errno)
    {
        if (errno is Errno.ENOENT or Errno.EINTR or Errno.EAGAIN)
        {
            return Turn.Nothing;
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
            return errno == Errno.ENODEV ? Turn.Ended : Turn.Nothing;
        }

        _log.Trouble($"The kernel refused a reply of {length} bytes: {Mount.MountRequest.ErrorText(errno)}.");
        var header = (fuse_out_header*)reply;
        header->len = fuse_out_header.Size;
        header->error = -Errno.EIO;
        _ = TryWrite(reply, fuse_out_header.Size);
        return Turn.Nothing;
    }

    private int TryWrite(byte* reply, int length)
    {
        int errno;
        do
        {
            errno = LibC.write(_from, reply, (nuint)length) >= 0 ? 0 : Marshal.GetLastPInvokeError();
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
        if (_looking != _shared)
        {
            _ = LibC.close(_looking);
        }

        if (_sleeping >= 0)
        {
            _ = LibC.close(_sleeping);
        }
    }
}

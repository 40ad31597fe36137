using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.Fuse.Mount;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Operations;

namespace SecureVault.Fuse.Session;

/// <summary>Serves one connection: the handshake, the threads, and the end.</summary>
/// <remarks>
/// Begin, then Start, then Wait. The last thread to end releases every handle, closes the descriptors and sets the end; so a session that was
/// started ends once, by itself, when the kernel says that the drive is gone. Cut ends it when the kernel does not.
/// </remarks>
internal sealed class FuseSession
{
    private const int ThreadStackBytes = 1 << 20;

    private readonly DriveState _state;
    private readonly RequestDispatcher _dispatcher;
    private readonly int _descriptor;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KernelNotices? _notices;
    private readonly LeaderFollowers _order = new();
    private readonly Pace _pace = new();
    private readonly Crowd _crowd = new();
    private readonly List<RequestWorker> _workers = [];
    private readonly int _bell = LibC.eventfd(0, LibC.EFD_CLOEXEC);

    /// <summary>Protects the descriptor from being asked after its end. A leaf.</summary>
    private readonly Lock _closing = new();
    private bool _closed;
    private volatile bool _cut;
    private int _running;
    private int _ends;

    /// <param name="descriptor">A /dev/fuse that is mounted; the session's to close.</param>
    public FuseSession(IDriveOperations drive, FuseOptions options, IFuseLog log, int descriptor)
    {
        _state = new DriveState(drive, options, log);
        _dispatcher = new RequestDispatcher(_state);
        _descriptor = descriptor;
    }

    public int OpenHandles => _state.Files.Count + _state.Directories.Count;

    public bool Ended => _ended.Task.IsCompleted;

    /// <summary>Whether the kernel still has the drive: somebody somewhere can ask it something.</summary>
    public unsafe bool IsConnected
    {
        get
        {
            lock (_closing)
            {
                var asked = new LibC.pollfd { fd = _descriptor };
                return !_closed && !(LibC.poll(&asked, 1, 0) > 0 && (asked.revents & LibC.POLLERR) != 0);
            }
        }
    }

    /// <summary>Answers INIT on the calling thread. False when the kernel is too old or gone; then nothing was started.</summary>
    public bool TryBegin()
    {
        if (LibC.fcntl(_descriptor, LibC.F_SETFL, LibC.O_RDWR | LibC.O_NONBLOCK) != 0)
        {
            return false;
        }

        using RequestWorker worker = Worker(-1, -1);
        Turn turn = Turn.Request;
        int requests = 0;

        // A newer major version costs a second INIT; a kernel that is refused sends no other.
        while (_state.Protocol is null && turn != Turn.Ended && requests++ < 4)
        {
            turn = worker.Take(_pace);
            turn = turn == Turn.Request ? worker.Serve() : turn;
        }

        return _state.Protocol is not null;
    }

    /// <summary>Starts the threads.</summary>
    public void Start()
    {
        _notices = new KernelNotices(Clone(0), _state.Log);
        _state.DropPages = _notices.DropPages;
        _state.Drive.OnCacheMustGo(_notices.DropPages);
        new Thread(_notices.Run, ThreadStackBytes) { IsBackground = true, Name = "fuse notices" }.Start();
        int count = _state.Options.ThreadCount;
        for (int i = 0; i < count; i++)
        {
            _workers.Add(Worker(Clone(LibC.O_NONBLOCK), Clone(0)));
        }

        _running = count;
        for (int i = 0; i < count; i++)
        {
            RequestWorker worker = _workers[i];
            var thread = new Thread(() => Serve(worker), ThreadStackBytes)
            {
                IsBackground = true,
                Name = string.Create(CultureInfo.InvariantCulture, $"fuse {i}"),
            };
            thread.Start();
        }

        new Thread(_order.Guard, ThreadStackBytes) { IsBackground = true, Name = "fuse guard" }.Start();
    }

    /// <summary>Waits for the end; Timeout.InfiniteTimeSpan waits for ever.</summary>
    public bool Wait(TimeSpan timeout) => _ended.Task.Wait(timeout);

    /// <summary>Ends a session whose threads were never started.</summary>
    public void Abandon() => End(closes: true);

    /// <summary>
    /// Ends a session that the kernel keeps: what is being served is finished, no other request is, and every handle is released. Threads that sleep
    /// in the kernel end with the next request, which they refuse, or with the process.
    /// </summary>
    /// <returns>False when something that is being served was not finished in time; then nothing was released.</returns>
    public unsafe bool Cut(TimeSpan patience)
    {
        _cut = true;
        Interlocked.MemoryBarrierProcessWide(); // a worker that has not seen it yet is seen to serve
        ulong rings = 1;
        _ = LibC.write(_bell, (byte*)&rings, sizeof(ulong));
        if (!SpinWait.SpinUntil(() => Ended || _workers.TrueForAll(worker => !worker.Serves), patience))
        {
            return false;
        }

        End(closes: false);
        return Wait(patience);
    }

    private void Serve(RequestWorker worker)
    {
        var self = new Follower();
        using (worker)
        {
            Turn turn = Turn.Request;
            while (turn != Turn.Ended && !_cut && Next(worker, self) == Turn.Request)
            {
                turn = ServeUnlessCut(worker);
                _order.Served();
            }

            _order.Call(needed: true); // the next one finds the same end
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            End(closes: true);
        }
    }

    private Turn ServeUnlessCut(RequestWorker worker)
    {
        Turn turn = Turn.Ended;
        worker.Serves = true;
        if (_cut)
        {
            worker.Refuse();
        }
        else
        {
            turn = worker.Serve();
        }

        worker.Serves = false;
        return turn;
    }

    private Turn Next(RequestWorker worker, Follower self)
    {
        Turn turn;
        do
        {
            turn = _crowd.IsThere && worker.CanSleep ? NextAsleep(worker) : NextAwake(worker, self);
        }
        while (turn == Turn.Nothing);

        if (turn == Turn.Request)
        {
            _crowd.Note(worker.Caller);
        }

        return turn;
    }

    // The next request of many callers': the kernel wakes one sleeper for each.
    private Turn NextAsleep(RequestWorker worker)
    {
        _order.Sleep();
        Turn turn = worker.TakeAsleep();
        _order.Woken(turn != Turn.Request || worker.IsLong);
        return turn;
    }

    // The next request of a single caller's: at once when one waits, else as the leader, else after a rest.
    private Turn NextAwake(RequestWorker worker, Follower self)
    {
        Turn turn = worker.TryTake();
        if (turn == Turn.Request)
        {
            _order.Call(worker.IsLong);
        }
        else if (turn == Turn.Nothing && _order.Lead(self))
        {
            turn = worker.Take(_pace);
            _order.Leave(turn != Turn.Request || worker.IsLong);
        }

        return turn;
    }

    /// <param name="closes">No thread uses the descriptors any more.</param>
    private void End(bool closes)
    {
        bool first = Interlocked.Exchange(ref _ends, 1) == 0;
        if (first)
        {
            ReleaseAll();
            _order.Stop();
            _notices?.Stop();
        }

        if (closes)
        {
            Close();
        }

        if (first)
        {
            _ended.SetResult();
        }
    }

    private void Close()
    {
        lock (_closing)
        {
            _closed = true;
            _ = LibC.close(_descriptor);
            _ = LibC.close(_bell);
        }
    }

    private void ReleaseAll()
    {
        foreach (FileHandle file in _state.Files.RemoveAll())
        {
            Release("RELEASE", file.File.Release);
        }

        foreach (DirectoryHandle directory in _state.Directories.RemoveAll())
        {
            Release("RELEASEDIR", directory.Release);
        }
    }

    private void Release(string name, Action release)
    {
        try
        {
            release();
        }
        catch (Exception exception)
        {
            _state.Log.OperationFailed(name, exception);
        }
    }

    private RequestWorker Worker(int looking, int sleeping)
        => new(_dispatcher, _state.Log, _descriptor, looking, sleeping, _bell, _state.Options.MaxRequestBytes);

    /// <summary>A descriptor of a thread's own, with a queue of its own for requests under way. -1: the kernel gives none.</summary>
    private unsafe int Clone(int flags)
    {
        int clone = LibC.open(MountRequest.Device, LibC.O_RDWR | LibC.O_CLOEXEC | flags);
        uint original = (uint)_descriptor;
        if (clone >= 0 && LibC.ioctl(clone, Wire.fuse_kernel.FUSE_DEV_IOC_CLONE, &original) != 0)
        {
            _ = LibC.close(clone);
            clone = -1;
        }

        return clone;
    }
}

using System;
using System.Threading;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>What the operations of one mount share: the drive, the handles, what was negotiated, how long the kernel may believe us.</summary>
/// <param name="clock">Tells how old what was made ahead is; the system's when null.</param>
internal sealed class DriveState(IDriveOperations drive, FuseOptions options, IFuseLog log, TimeProvider? clock = null)
{
    private long _setIdEpoch;
    private long _changes;
    private int _freeForAhead = Math.Max(1, options.ThreadCount / 4);

    public IDriveOperations Drive => drive;

    public FuseOptions Options => options;

    public IFuseLog Log => log;

    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    public HandleTable<FileHandle> Files { get; } = new();

    public HandleTable<DirectoryHandle> Directories { get; } = new();

    /// <summary>Has the kernel drop its pages of a node; returns at once. Set once, before the first request.</summary>
    public Action<NodeId>? DropPages { get; set; }

    /// <summary>Null until INIT was answered; written once by the handshake, before any other thread serves.</summary>
    public NegotiatedProtocol? Protocol { get; set; }

    public Validity EntryValidity { get; } = Validity.Of(options.EntryTimeout);

    public Validity AttributeValidity { get; } = Validity.Of(options.AttributeTimeout);

    public Validity NegativeValidity { get; } = Validity.Of(options.NegativeTimeout);

    /// <summary>Counts changes of modes to ones with set-id bits: while it stands still, a file seen without them has none.</summary>
    public long SetIdEpoch => Volatile.Read(ref _setIdEpoch);

    /// <summary>Counts requests that may have changed names or attributes: while it stands still, what a listing found is what it would find now.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>Before the reply to such a request is sent.</summary>
    public void Changed() => Interlocked.Increment(ref _changes);

    /// <summary>Whether one more thread may make a listing ahead: a quarter of them at once, so that on slow storage enough are left to serve. Owes an EndAhead.</summary>
    public bool TryBeginAhead()
    {
        if (Interlocked.Decrement(ref _freeForAhead) >= 0)
        {
            return true;
        }

        EndAhead();
        return false;
    }

    public void EndAhead() => Interlocked.Increment(ref _freeForAhead);

    public void SetIdsGiven() => Interlocked.Increment(ref _setIdEpoch);

    public static Caller CallerOf(in fuse_in_header header) => new(header.uid, header.gid, unchecked((int)header.pid));

    /// <summary>A caller who makes something.</summary>
    /// <param name="umask">As the request says; the kernel has taken it off the mode already unless DONT_MASK was agreed.</param>
    public Caller CallerOf(in fuse_in_header header, uint umask) => CallerOf(header) with { Umask = Protocol!.Has(fuse_init_flags.FUSE_DONT_MASK) ? umask : 0 };

    public fuse_entry_out Entry(in NodeEntry entry) => new()
    {
        nodeid = entry.Node.Value,
        entry_valid = EntryValidity.Seconds,
        entry_valid_nsec = EntryValidity.Nanoseconds,
        attr_valid = AttributeValidity.Seconds,
        attr_valid_nsec = AttributeValidity.Nanoseconds,
        attr = Attributes.ToKernel(entry.Attributes),
    };
}

using System;
using SecureVault.Content;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>The file part of a node: its one FileContent while anyone uses it or it waits for its commit.</summary>
/// <remarks>This object's monitor protects all fields; opening, committing and closing the content happen under it, so that
/// one inode never has two contents. Order: after a folder's Changes, before folders' and nodes' monitors.</remarks>
internal sealed class SharedContent
{
    private const long NotWritten = long.MinValue;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long LargestSeconds = long.MaxValue / NanosecondsPerSecond - 1;

    private long _modifiedNs = NotWritten;
    private int _revoked;
    private long _writtenNs = NotWritten;
    private FileTime _hiddenChange;
    private FileTime _shownChange;

    /// <summary>Null when the file is closed.</summary>
    public FileContent? Content { get; set; }

    /// <summary>The places that the content's header was last held against.</summary>
    public Place? NamedAt { get; set; }

    /// <summary>The stored file of a node that another took the name of: whoever found it a moment before may still open it. Null for all others.</summary>
    public StoreHandle? Held { get; private set; }

    /// <summary>Opened for writing in the store too.</summary>
    public bool Writable { get; set; }

    /// <summary>Opens and short uses now.</summary>
    public int Users { get; set; }

    /// <summary>Stands in the commit queue.</summary>
    public bool Queued { get; set; }

    /// <summary>Grows at each opening and at each use that may change the content: tells the commit worker that its sync came too early, and an open that the header it read is old.</summary>
    public long Generation { get; set; }

    /// <summary>Was opened before and not truncated or found damaged since: a kernel's cached pages are right.</summary>
    public bool CacheIsGood { get; set; }

    /// <summary>Open handles that lost a right to the file. Changed under the monitor.</summary>
    public int RevokedHandles
    {
        get => System.Threading.Volatile.Read(ref _revoked);
        set => System.Threading.Volatile.Write(ref _revoked, value);
    }

    /// <summary>Notes the time of a write or of an explicit change of times. Any thread, without the monitor.</summary>
    public void SetModified(FileTime time)
    {
        // Times past the year 2262 do not fit; they are in the store already and stay unless a commit follows.
        bool fits = time.Seconds is > -LargestSeconds and < LargestSeconds;
        System.Threading.Volatile.Write(ref _modifiedNs, fits ? time.Seconds * NanosecondsPerSecond + time.Nanoseconds : NotWritten);
    }

    /// <summary>Notes a write. Any thread, without the monitor.</summary>
    public void SetWritten(DateTimeOffset now)
    {
        long ns = (now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
        System.Threading.Volatile.Write(ref _writtenNs, ns);
        System.Threading.Volatile.Write(ref _modifiedNs, ns);
    }

    public void ClearModified() => System.Threading.Volatile.Write(ref _modifiedNs, NotWritten);

    /// <summary>The time to show and to leave behind at the commit, when the file was written while open.</summary>
    public bool TryGetModified(out FileTime time)
    {
        long ns = System.Threading.Volatile.Read(ref _modifiedNs);
        time = ns == NotWritten ? default : Time(ns);
        return ns != NotWritten;
    }

    /// <summary>The change time to show: of the last write, or what the store says, unless only a record was written then (QuietWrite).</summary>
    public FileTime ShownChange(FileTime stored)
    {
        lock (this)
        {
            FileTime written = Time(System.Threading.Volatile.Read(ref _writtenNs));
            return FileTime.Later(stored == _hiddenChange ? _shownChange : stored, written);
        }
    }

    /// <summary>The store's change time went from before to after, and the file did not change.</summary>
    public void HideChange(FileTime before, FileTime after)
    {
        lock (this)
        {
            _shownChange = ShownChange(before);
            _hiddenChange = after;
        }
    }

    /// <summary>Keeps the stored file for as long as the node is known, or until LetGo. Under the monitor.</summary>
    public void Hold(IBackingStore store, StoreHandle folder, ReadOnlySpan<byte> stored)
    {
        LetGo();
        Held = store.Hold(folder, stored, out StoreHandle? held) == VaultStatus.Ok ? held : null;
    }

    public void LetGo()
    {
        lock (this)
        {
            Held?.Dispose();
            Held = null;
        }
    }

    /// <summary>Asks the store by the open handle; false when the file is closed and not held.</summary>
    public bool TryStat(IBackingStore store, out VaultStatus status, out StoreStat stat)
    {
        lock (this)
        {
            if ((Content?.Handle ?? Held) is not { } handle)
            {
                status = VaultStatus.NotFound;
                stat = default;
                return false;
            }

            status = store.Stat(handle, out stat);
            return true;
        }
    }

    /// <summary>The live size; false when the file is closed.</summary>
    public bool TryGetSize(out long plainSize)
    {
        lock (this)
        {
            plainSize = Content?.Size ?? 0;
            return Content is not null;
        }
    }

    private static FileTime Time(long ns)
    {
        long seconds = Math.DivRem(ns, NanosecondsPerSecond).Quotient;
        long rest = ns - seconds * NanosecondsPerSecond;
        return rest < 0 ? new FileTime(seconds - 1, (uint)(rest + NanosecondsPerSecond)) : new FileTime(seconds, (uint)rest);
    }
}

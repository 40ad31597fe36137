using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Stored;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>The only thing that reads or writes content: made by the gate, carries its decision. Bound to what was decided at open.</summary>
/// <remarks>Any thread, concurrently, until Release. Reads and writes allocate nothing in steady state.</remarks>
public sealed class OpenFile
{
    private const int CopyPiece = 1 << 20;
    private const long LongestCopy = 64L << 20;

    private readonly Node _node;
    private readonly FileContent _content;
    private readonly OpenIntent _intent;
    private readonly OpenFiles _files;
    private readonly OpenShares.Share _share;

    private readonly HandleOwner _owner;
    private readonly bool _strict;
    private volatile bool _noReading;
    private volatile bool _noWriting;
    private bool _lost;
    private bool _released;
    private long _bytesRead;

    internal OpenFile(Node node, FileContent content, OpenIntent intent, OpenFiles files, OpenShares.Share share, in HandleOwner owner, bool strict)
    {
        _owner = owner;
        _strict = strict;
        KeepsOutOfCache = strict || node.File!.RevokedHandles > 0;
        _share = share;
        _node = node;
        _content = content;
        _intent = intent;
        _files = files;
        files.Opened();
        files.Revocation.Add(this);
    }

    public NodeId Node => _node.Id;

    /// <summary>What is read must go into no cache that other handles share: the level is strict, or somebody lost the right to the file while it was open and holds it still.</summary>
    public bool KeepsOutOfCache { get; }

    internal Node Object => _node;

    internal HandleOwner Owner => _owner;

    /// <summary>Key of the label that the content was last seen to carry.</summary>
    internal KeyId LastKey => _content.KeyId;

    /// <summary>Bytes given out so far, about.</summary>
    internal long BytesRead => Volatile.Read(ref _bytesRead);

    internal bool MayRead => CanRead && !_noReading;

    internal bool MayWrite => CanWrite && !_noWriting;

    internal bool CanWrite => (_intent & (OpenIntent.Write | OpenIntent.Append)) != 0;

    private bool CacheIsClosed => _strict || _node.File!.RevokedHandles > 0;

    private bool CanRead => (_intent & OpenIntent.Read) != 0;

    /// <summary>Reads up to plain.Length bytes at offset; fewer only at the end of the file.</summary>
    public VaultStatus Read(long plainOffset, Span<byte> plain, out int read)
    {
        read = 0;
        VaultStatus status = CheckReading();
        if (status == VaultStatus.Ok)
        {
            status = Report(_content.Read(plainOffset, plain, out read));
            Volatile.Write(ref _bytesRead, _bytesRead + read);
        }

        return status;
    }

    /// <summary>As Read, into a cache that every handle of the file shares. InputOutput while it must be kept out of one: whoever still may open the file anew, and read past the cache.</summary>
    public VaultStatus ReadForCache(long plainOffset, Span<byte> plain, out int read)
    {
        read = 0;
        return CacheIsClosed ? VaultStatus.InputOutput : Read(plainOffset, plain, out read);
    }

    /// <summary>Whether a write may come by way of a cache that every handle of the file shares: there it lies for all to read. InputOutput while it must be kept out of one, as with ReadForCache.</summary>
    public VaultStatus CheckWritingByCache()
    {
        VaultStatus status = CacheIsClosed ? CheckWriting() : VaultStatus.Ok;
        return CacheIsClosed && status == VaultStatus.Ok ? VaultStatus.InputOutput : status;
    }

    /// <summary>Writes all or fails; written says how much is in the file. With Append intent the offset is ignored.</summary>
    public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, out int written) => Write(plainOffset, plain, (_intent & OpenIntent.Append) != 0, out written);

    /// <summary>As Write, for a caller who appends and took the offset for the end: where the file was cut since, at its end as it is now.</summary>
    public VaultStatus WriteAppended(long plainOffset, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        VaultStatus status = CheckWriting();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _content.WriteAppended(plainOffset, plain, out written);
        Touch();
        return Report(status);
    }

    /// <summary>As Write, at the end of the file as it is at that moment.</summary>
    public VaultStatus WriteAtEnd(ReadOnlySpan<byte> plain, out int written) => Write(0, plain, true, out written);

    /// <summary>As Write at an offset, but the file never grows: what lies past its end is left out and not counted.</summary>
    public VaultStatus WriteWithin(long plainOffset, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        VaultStatus status = CheckWriting();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _content.WriteWithin(plainOffset, plain, out written);
        if (written > 0)
        {
            Touch();
        }

        return Report(status);
    }

    /// <summary>Called at each close of a descriptor. Nothing is buffered here, so there is nothing to report.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Part of a handle's contract.")]
    public VaultStatus Flush() => VaultStatus.Ok;

    /// <summary>Makes the file durable, and the folders on the way to it.</summary>
    public VaultStatus Sync(bool dataOnly)
    {
        var quiet = new QuietWrite(_files.Store, _node.File!, _content.Handle);
        VaultStatus status = Report(_content.Sync(dataOnly));
        quiet.End();
        return status == VaultStatus.Ok ? _files.Records.MakeDurable(_node) : status;
    }

    public VaultStatus Allocate(AllocateKind kind, long plainOffset, long length)
    {
        VaultStatus status = CheckWriting();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _content.Allocate(kind, plainOffset, length);
        Touch();
        return Report(status);
    }

    public VaultStatus Seek(SeekKind kind, long plainOffset, out long found)
    {
        found = 0;
        return MayRead || MayWrite ? Report(_content.Seek(kind, plainOffset, out found)) : VaultStatus.Denied;
    }

    /// <summary>Copies within the drive, decrypting and re-encrypting; copied may be less than length.</summary>
    public VaultStatus CopyTo(OpenFile target, long plainOffset, long targetOffset, long length, out long copied)
    {
        ArgumentNullException.ThrowIfNull(target);
        copied = 0;
        if (!CanRead || !target.CanWrite)
        {
            return VaultStatus.BadHandle;
        }

        if (plainOffset < 0 || targetOffset < 0 || length < 0)
        {
            return VaultStatus.Invalid;
        }

        byte[] piece = ArrayPool<byte>.Shared.Rent(CopyPiece);
        try
        {
            return FileCopy.Run(this, target, plainOffset, targetOffset, Math.Min(length, LongestCopy), piece, out copied);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    /// <summary>Ends the handle. Exactly once.</summary>
    public void Release()
    {
        _files.Revocation.Remove(this);
        lock (_node.File!)
        {
            _released = true;
            _node.File!.RevokedHandles -= _lost ? 1 : 0;
        }

        _files.Closed();
        _files.Shares.Return(_share);
        _files.Contents.Return(_node);
    }

    /// <summary>Takes rights from the handle, for good. False when it had none of them left, or is released.</summary>
    internal bool Lose(bool reading, bool writing)
    {
        bool loses = (reading && MayRead) || (writing && MayWrite);
        _noReading |= reading;
        _noWriting |= writing;
        lock (_node.File!)
        {
            if (!loses || _released)
            {
                return false;
            }

            _node.File!.RevokedHandles += _lost ? 0 : 1;
            _node.File!.CacheIsGood = false;
            _lost = true;
            return true;
        }
    }

    /// <summary>Sets the size through the handle.</summary>
    internal VaultStatus Truncate(long plainSize)
    {
        VaultStatus status = CheckWriting();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = Report(Contents.Truncate(_node, _content, plainSize));
        Touch();
        return status;
    }

    /// <summary>Empties the file at its open; the gate asked for the right to write for it, whatever the handle may do later.</summary>
    internal VaultStatus TruncateAtOpen()
    {
        VaultStatus status = Contents.Truncate(_node, _content, 0);
        Touch();
        return status;
    }

    private VaultStatus CheckReading()
    {
        bool refused = IsRefusedNow();
        return !CanRead ? VaultStatus.BadHandle : refused || _noReading ? VaultStatus.Denied : VaultStatus.Ok;
    }

    private VaultStatus CheckWriting()
    {
        bool refused = IsRefusedNow();
        return !CanWrite ? VaultStatus.BadHandle : refused || _noWriting ? VaultStatus.Denied : VaultStatus.Ok;
    }

    // Of a strict level each read and write is decided anew; while the policy cannot be read it is refused, and nothing is taken.
    private bool IsRefusedNow() => _strict && !_files.Revocation.TryLook(this);

    private VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, bool atEnd, out int written)
    {
        written = 0;
        VaultStatus status = CheckWriting();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _content.Write(plainOffset, plain, atEnd, out written);
        Touch();
        return Report(status);
    }

    private void Touch() => _node.File!.SetWritten(_files.Clock.GetUtcNow());

    private VaultStatus Report(VaultStatus status) => status == VaultStatus.Corrupt ? _files.Trail.Report(status, _node, "the content is not authentic") : status;
}

using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Stored;
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

    internal OpenFile(Node node, FileContent content, OpenIntent intent, OpenFiles files)
    {
        _node = node;
        _content = content;
        _intent = intent;
        _files = files;
        files.Opened();
    }

    public NodeId Node => _node.Id;

    internal bool CanWrite => (_intent & (OpenIntent.Write | OpenIntent.Append)) != 0;

    private bool CanRead => (_intent & OpenIntent.Read) != 0;

    /// <summary>Reads up to plain.Length bytes at offset; fewer only at the end of the file.</summary>
    public VaultStatus Read(long plainOffset, Span<byte> plain, out int read)
    {
        read = 0;
        return CanRead ? Report(_content.Read(plainOffset, plain, out read)) : VaultStatus.BadHandle;
    }

    /// <summary>Writes all or fails; written says how much is in the file. With Append intent the offset is ignored.</summary>
    public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, out int written) => Write(plainOffset, plain, (_intent & OpenIntent.Append) != 0, out written);

    /// <summary>As Write, for a caller who appends and took the offset for the end: where the file was cut since, at its end as it is now.</summary>
    public VaultStatus WriteAppended(long plainOffset, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        if (!CanWrite)
        {
            return VaultStatus.BadHandle;
        }

        VaultStatus status = _content.WriteAppended(plainOffset, plain, out written);
        Touch();
        return Report(status);
    }

    /// <summary>As Write, at the end of the file as it is at that moment.</summary>
    public VaultStatus WriteAtEnd(ReadOnlySpan<byte> plain, out int written) => Write(0, plain, true, out written);

    /// <summary>As Write at an offset, but the file never grows: what lies past its end is left out and not counted.</summary>
    public VaultStatus WriteWithin(long plainOffset, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        if (!CanWrite)
        {
            return VaultStatus.BadHandle;
        }

        VaultStatus status = _content.WriteWithin(plainOffset, plain, out written);
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
        if (!CanWrite)
        {
            return VaultStatus.BadHandle;
        }

        VaultStatus status = _content.Allocate(kind, plainOffset, length);
        Touch();
        return Report(status);
    }

    public VaultStatus Seek(SeekKind kind, long plainOffset, out long found) => Report(_content.Seek(kind, plainOffset, out found));

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
            return CopyPieces(target, plainOffset, targetOffset, Math.Min(length, LongestCopy), piece, out copied);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    /// <summary>Ends the handle. Exactly once.</summary>
    public void Release()
    {
        _files.Closed();
        _files.Contents.Return(_node);
    }

    /// <summary>Sets the size through the handle.</summary>
    internal VaultStatus Truncate(long plainSize)
    {
        if (!CanWrite)
        {
            return VaultStatus.BadHandle;
        }

        VaultStatus status = Report(Contents.Truncate(_node, _content, plainSize));
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

    private VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, bool atEnd, out int written)
    {
        written = 0;
        if (!CanWrite)
        {
            return VaultStatus.BadHandle;
        }

        VaultStatus status = _content.Write(plainOffset, plain, atEnd, out written);
        Touch();
        return Report(status);
    }

    private VaultStatus CopyPieces(OpenFile target, long plainOffset, long targetOffset, long length, byte[] piece, out long copied)
    {
        copied = 0;
        while (copied < length)
        {
            int wanted = (int)Math.Min(CopyPiece, length - copied);
            VaultStatus status = Read(plainOffset + copied, piece.AsSpan(0, wanted), out int read);
            int written = 0;
            if (status == VaultStatus.Ok && read > 0)
            {
                status = target.Write(targetOffset + copied, piece.AsSpan(0, read), out written);
            }

            copied += written;
            if (status != VaultStatus.Ok || read < wanted)
            {
                return copied > 0 ? VaultStatus.Ok : status;
            }
        }

        return VaultStatus.Ok;
    }

    private void Touch() => _node.File!.SetWritten(_files.Clock.GetUtcNow());

    private VaultStatus Report(VaultStatus status) => status == VaultStatus.Corrupt ? _files.Trail.Report(status, _node, "the content is not authentic") : status;
}

using System;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>
/// The state that the parts of one file's content share. What is true now is in Size, DataBlocks and Maps; what the stored
/// state record vouches for is in Recorded, and trails behind until a checkpoint.
/// </summary>
/// <remarks>
/// Changed under the file's exclusive lock, read under its shared one. Always true between operations: the stored size is the
/// cipher size of Size; a block below Recorded.DataBlocks that Recorded calls data is overwritten only through the journal.
/// </remarks>
internal sealed class FileBody : IDisposable
{
    private readonly bool _writable;
    private SequentialWriteback _writeback;
    private bool _recordDurable = true;

    internal FileBody(ContentContext context, StoreHandle file, bool writable, BlockCodec codec, KeyId keyId, in FileState recorded)
    {
        Context = context;
        File = file;
        _writable = writable;
        Codec = codec;
        KeyId = keyId;
        Recorded = recorded;
        Size = recorded.Size;
        DataBlocks = recorded.DataBlocks;
        Maps = new HoleMaps(this);
        Journal = new OverwriteJournal(this);
        Tail = new TailBlock(context.Buffers);
        Punches = new PendingPunches(this);
    }

    internal ContentContext Context { get; }
    internal StoreHandle File { get; }
    internal BlockCodec Codec { get; private set; }
    internal KeyId KeyId { get; set; }
    internal HoleMaps Maps { get; }
    internal OverwriteJournal Journal { get; }
    internal TailBlock Tail { get; }
    internal PendingPunches Punches { get; }

    /// <summary>The stored state record.</summary>
    internal FileState Recorded;

    internal long Size { get; set; }
    internal long DataBlocks { get; set; }

    /// <summary>Something was written to the stored file since it was last made durable.</summary>
    internal bool FileDirty { get; set; }

    /// <summary>A power cut may bring back a clean record: the stored size must not change before the Open one is durable.</summary>
    internal bool CleanMaySurface { get; set; }

    /// <summary>Something changed that recovery cannot find out without a new record: holes below Recorded.DataBlocks, or a size past the data.</summary>
    internal bool NeedsRecord { get; set; }

    /// <summary>Blocks were cut or punched since the journal was last emptied: its old entries must not come back.</summary>
    internal bool CutSinceDrop { get; set; }

    /// <summary>Counts changes.</summary>
    internal ulong Changes { get; set; }

    /// <summary>
    /// The record that says how long the last block is, is not durable: until now the stored size says it as well, but not once it changes.
    /// </summary>
    private bool TailHangsOnRecord => !_recordDurable && Recorded.DataBlocks << Shift > Recorded.Size;

    internal int Shift => Context.BlockShift;
    internal int BlockSize => 1 << Context.BlockShift;
    internal int SealedSize => FileLayout.CipherBlockSize(Context.BlockShift);
    internal IBackingStore Store => Context.Store;
    internal bool CanWrite => _writable && Context.Session != 0;
    internal bool IsOpen => (Recorded.Flags & FileStateFlags.Open) != 0;
    internal bool IsShapeRecorded => Size == Recorded.Size && DataBlocks == Recorded.DataBlocks;
    internal bool IsAllRecorded => IsShapeRecorded && !NeedsRecord && !FileDirty && !Journal.HasContent && !Maps.Pages.HasDirty;

    /// <summary>Plain bytes of a block in a file of plainSize bytes.</summary>
    internal int PlainLength(long blockIndex, long plainSize) => (int)Math.Min(BlockSize, plainSize - (blockIndex << Shift));

    internal long BlockOffset(long blockIndex) => FileLayout.BlockOffset(blockIndex, Shift);

    /// <summary>Before every change: the record says Open; durably so when the stored size is about to change.</summary>
    internal VaultStatus BeginChange(bool resizes)
    {
        if (!CanWrite)
        {
            return VaultStatus.ReadOnly;
        }

        Changes = unchecked(Changes + 1);
        if (!IsOpen)
        {
            FileState next = Recorded;
            next.Flags |= FileStateFlags.Open;
            next.Session = Context.Session;
            VaultStatus status = WriteRecord(next);
            if (status != VaultStatus.Ok)
            {
                return status;
            }
        }

        return resizes && (CleanMaySurface || TailHangsOnRecord) ? SyncFile(dataOnly: true) : VaultStatus.Ok;
    }

    /// <summary>Writes sealed blocks to their places, from block on. written: stored bytes that arrived.</summary>
    internal VaultStatus StoreBlocks(ReadOnlySpan<byte> cipher, long block, out int written)
    {
        VaultStatus status = Store.WriteAt(File, cipher, BlockOffset(block), out written);
        _writeback.Note(Store, File, BlockOffset(block), written, SealedSize);
        return status;
    }

    /// <summary>Writes a state record; its generation is one more than the last. When the store fails, the old one is put back.</summary>
    internal VaultStatus WriteRecord(FileState next)
    {
        next.Generation = unchecked(Recorded.Generation + 1);
        Span<byte> record = stackalloc byte[FileHeader.StateRecordSize];
        FileHeader.WriteState(record, Codec.FileKey, Codec.Identity.Id, next);
        VaultStatus status = Store.WriteAt(File, record, FileHeader.StateRecordOffset, out int written);
        FileDirty = true;
        _recordDurable = false;
        if (status == VaultStatus.Ok)
        {
            CleanMaySurface |= (Recorded.Flags & FileStateFlags.Open) == 0 || (next.Flags & FileStateFlags.Open) == 0;
            Recorded = next;
        }
        else if (written > 0)
        {
            FileHeader.WriteState(record, Codec.FileKey, Codec.Identity.Id, Recorded);
            _ = Store.WriteAt(File, record, FileHeader.StateRecordOffset, out _);
        }

        return status;
    }

    /// <summary>Records size, data blocks and inline holes as they are now. All blocks and maps below DataBlocks are durable by now, in place or in the journal.</summary>
    internal VaultStatus WriteShape(bool clean)
    {
        if (CutSinceDrop && Journal.DropPending)
        {
            VaultStatus emptied = Journal.Sync();
            if (emptied != VaultStatus.Ok)
            {
                return emptied;
            }
        }

        FileState next = Recorded;
        next.Size = Size;
        next.DataBlocks = DataBlocks;
        Maps.Inline.CopyTo(next.Holes);
        if (clean)
        {
            next.Flags &= ~FileStateFlags.Open;
            next.Session = Context.Session;
        }

        VaultStatus status = WriteRecord(next);
        if (status == VaultStatus.Ok)
        {
            NeedsRecord = false;
            Maps.Pages.MarkRecorded();
        }

        return status;
    }

    /// <summary>Records another name; the file's shape in the record stays as it is, and so does Open or clean.</summary>
    internal VaultStatus WriteName(NameTag name, NameTag previous, bool manyNames, ReadOnlySpan<NameTag> known)
    {
        FileState next = Recorded;
        if (manyNames)
        {
            FileNames.Add(ref next, name, previous, known);
        }
        else
        {
            FileNames.Set(ref next, name, previous);
        }

        return CanWrite ? WriteRecord(next) : VaultStatus.ReadOnly;
    }

    internal VaultStatus SyncFile(bool dataOnly)
    {
        VaultStatus status = Store.Sync(File, dataOnly);
        if (status == VaultStatus.Ok)
        {
            MarkDurable();
        }

        return status;
    }

    /// <summary>The caller has made all durable.</summary>
    internal void MarkDurable()
    {
        FileDirty = false;
        _recordDurable = true;
        CleanMaySurface &= !IsOpen;
    }

    /// <summary>Makes the stored size the cipher size of Size.</summary>
    internal VaultStatus FitStoredSize()
    {
        FileDirty = true;
        return Store.SetSize(File, FileLayout.CipherSize(Size, Shift));
    }

    /// <summary>The file begins again, empty, under another key.</summary>
    internal void Renew(BlockCodec codec, KeyId keyId, in FileState recorded)
    {
        Codec.Dispose();
        Codec = codec;
        KeyId = keyId;
        Recorded = recorded;
        Size = 0;
        DataBlocks = 0;
        NeedsRecord = false;
        Tail.Forget();
        Punches.Clear();
        Maps.Reset();
    }

    /// <summary>Lets go of all but the handle, which stays its opener's.</summary>
    internal void Abandon()
    {
        Tail.Forget();
        Journal.Dispose();
        Codec.Dispose();
    }

    public void Dispose()
    {
        Abandon();
        File.Dispose();
    }
}

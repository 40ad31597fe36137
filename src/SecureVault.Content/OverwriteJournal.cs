using System;
using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>
/// The blocks on their way into one file. A block that a record vouches for is not overwritten in place but appended here; readers
/// find it here; a checkpoint makes the journal durable, then the file, then empties the journal.
/// </summary>
/// <remarks>
/// Found and read under the file's shared lock, changed under its exclusive one. Keys are block indices, or minus the group of a map.
/// The stored journal exists from the first entry until the file is committed; its session is the one in the file's Open record.
/// </remarks>
internal sealed class OverwriteJournal(FileBody body) : IDisposable
{
    /// <summary>The journal is applied when it is longer, in stored bytes.</summary>
    private const long FullSize = 64L << 20;

    private readonly Dictionary<long, JournalEntry> _entries = [];
    private StoreHandle? _file;
    private byte[] _name = [];
    private long _end = JournalFormat.HeaderSize;
    private bool _dirty;
    private bool _nameDurable;

    /// <summary>Some block is to be read here.</summary>
    internal bool HasEntries => _entries.Count > 0;

    /// <summary>The stored journal has entries, be they void or not.</summary>
    internal bool HasContent => _end > JournalFormat.HeaderSize;

    internal bool IsFull => _end > FullSize;

    /// <summary>Entries were appended and are not durable.</summary>
    internal bool IsDirty => _dirty;

    /// <summary>The journal was emptied, but not durably.</summary>
    internal bool DropPending { get; private set; }

    internal Dictionary<long, JournalEntry> Entries => _entries;

    internal StoreHandle? File => _file;

    internal bool Find(long key, out JournalEntry entry) => _entries.TryGetValue(key, out entry);

    internal VaultStatus Read(JournalEntry entry, Span<byte> cipher, out int read) => body.Store.ReadAt(_file!, cipher[..entry.Length], entry.Offset, out read);

    /// <summary>Appends entries, each head then sealed block, of consecutive keys and stride bytes each but the last. Nothing is changed when it fails.</summary>
    internal VaultStatus Append(ReadOnlySpan<byte> entries, long firstKey, int stride)
    {
        VaultStatus status = Ensure();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        _dirty = true;
        status = body.Store.WriteAt(_file!, entries, _end, out int written);
        if (status != VaultStatus.Ok)
        {
            if (written > 0)
            {
                _ = body.Store.SetSize(_file!, _end);
            }

            return status;
        }

        long key = firstKey;
        for (int start = 0; start < entries.Length; start += stride)
        {
            int length = int.Min(stride, entries.Length - start) - JournalFormat.EntryOverhead;
            _entries[key] = new JournalEntry(_end + start + JournalFormat.EntryOverhead, length);
            key++;
        }

        _end += entries.Length;
        return VaultStatus.Ok;
    }

    internal VaultStatus AppendMap(long group, ReadOnlySpan<byte> bits)
    {
        int size = JournalFormat.EntryOverhead + body.SealedSize;
        byte[] buffer = body.Context.Buffers.Rent(size);
        JournalFormat.WriteEntryHead(buffer.AsSpan(0, JournalFormat.EntryOverhead), -group, body.SealedSize);
        body.Codec.SealMap(group, bits, buffer.AsSpan(JournalFormat.EntryOverhead, body.SealedSize));
        VaultStatus status = Append(buffer.AsSpan(0, size), -group, size);
        body.Context.Buffers.Return(buffer);
        return status;
    }

    /// <summary>Makes what was appended, or that it was emptied, durable.</summary>
    internal VaultStatus Sync()
    {
        VaultStatus status = VaultStatus.Ok;
        if (_file is not null && (_dirty || DropPending))
        {
            status = body.Store.Sync(_file, dataOnly: true);
            if (status == VaultStatus.Ok && !_nameDurable)
            {
                status = body.Store.Sync(body.Context.JournalDirectory, dataOnly: false);
            }
        }

        if (status == VaultStatus.Ok)
        {
            _nameDurable = true;
            _dirty = false;
            DropPending = false;
            body.CutSinceDrop &= HasContent;
        }

        return status;
    }

    /// <summary>Blocks from first to end are no more: their entries are void.</summary>
    internal void Forget(long first, long end)
    {
        if (end - first < _entries.Count)
        {
            for (long key = first; key < end; key++)
            {
                _entries.Remove(key);
            }

            return;
        }

        foreach (long key in _entries.Keys)
        {
            if (key >= first && key < end)
            {
                _entries.Remove(key);
            }
        }
    }

    /// <summary>All entries are durable in the file: empties the journal.</summary>
    internal VaultStatus Drop()
    {
        _entries.Clear();
        _end = JournalFormat.HeaderSize;
        _dirty = false;
        DropPending = _file is not null;
        return _file is null ? VaultStatus.Ok : body.Store.SetSize(_file, JournalFormat.HeaderSize);
    }

    /// <summary>Removes the journal's file; durably when asked, so that it cannot come back in this session.</summary>
    internal VaultStatus Delete(bool durable)
    {
        byte[] name = Detach();
        if (name.Length == 0)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = body.Store.Unlink(body.Context.JournalDirectory, name);
        return status == VaultStatus.Ok && durable ? body.Store.Sync(body.Context.JournalDirectory, dataOnly: false) : status;
    }

    /// <summary>Forgets all entries and lets go of the journal's file, which stays: its name, or nothing when there is none.</summary>
    internal byte[] Detach()
    {
        byte[] name = _file is null ? [] : _name;
        _file?.Dispose();
        _file = null;
        _entries.Clear();
        _end = JournalFormat.HeaderSize;
        _dirty = false;
        _nameDurable = false;
        DropPending = false;
        return name;
    }

    /// <summary>Opens the journal that a crashed session left; NotFound when it left none.</summary>
    internal VaultStatus OpenLeft()
    {
        _name = Name();
        StoreOpen open = body.CanWrite ? StoreOpen.ReadWrite : StoreOpen.Read;
        return body.Store.OpenFile(body.Context.JournalDirectory, _name, open, 0, out _file);
    }

    /// <summary>The stored journal is not this file's: it begins anew, or is not used when nothing may be written.</summary>
    internal VaultStatus Rewrite()
    {
        if (!body.CanWrite)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = body.Store.SetSize(_file!, 0);
        return status == VaultStatus.Ok ? WriteHeader() : status;
    }

    /// <summary>An authentic entry read back from a journal that was left: the later of two wins, unless it is of no use to the record.</summary>
    internal void Restore(long key, JournalEntry entry, bool isOfRecord)
    {
        _end = entry.Offset + entry.Length;
        _dirty = true;
        if (isOfRecord)
        {
            _entries[key] = entry;
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>The record is Open by now and names the session.</summary>
    private byte[] Name()
    {
        Span<byte> name = stackalloc byte[JournalFormat.FileNameLength];
        int length = JournalFormat.FileName(body.Codec.Identity.Id, body.Recorded.Session, name);
        return name[..length].ToArray();
    }

    /// <summary>Makes the journal's file at the first entry.</summary>
    private VaultStatus Ensure()
    {
        const uint ownerOnly = 0x180;
        if (_file is not null)
        {
            return VaultStatus.Ok;
        }

        _name = Name();
        StoreOpen open = StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Truncate;
        VaultStatus status = body.Store.OpenFile(body.Context.JournalDirectory, _name, open, ownerOnly, out _file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = WriteHeader();
        if (status != VaultStatus.Ok)
        {
            _ = Delete(durable: false);
        }

        return status;
    }

    private VaultStatus WriteHeader()
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderSize];
        JournalFormat.WriteHeader(header, body.Codec.Identity.Id, body.Recorded.Session);
        return body.Store.WriteAt(_file!, header, 0, out _);
    }
}

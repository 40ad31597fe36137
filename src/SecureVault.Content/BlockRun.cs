using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Blocks side by side that one write of the store takes: sealed into one buffer, partial ones merged with what the file has of them.</summary>
internal ref struct BlockRun
{
    private readonly FileBody _body;
    private readonly long _block;
    private readonly int _count;
    private readonly long _plainOffset;
    private readonly ReadOnlySpan<byte> _plain;
    private readonly long _newSize;
    private byte[]? _scratch;
    private ReadOnlySpan<byte> _last;

    /// <param name="plain">What is written, from plainOffset; it begins in the first block and ends in the last.</param>
    /// <param name="newSize">Size of the file once all is written, which says how long the last block is.</param>
    internal BlockRun(FileBody body, long block, int count, long plainOffset, ReadOnlySpan<byte> plain, long newSize)
    {
        _body = body;
        _block = block;
        _count = count;
        _plainOffset = plainOffset;
        _plain = plain;
        _newSize = newSize;
    }

    /// <summary>Seals and stores; written says how much of plain is in the file.</summary>
    internal VaultStatus Write(bool journaled, out int written)
    {
        if (!journaled && SharedRun.Pays(_plain.Length) && IsWhole)
        {
            _last = _plain[^_body.BlockSize..];
            return Account(StoreShared(out int arrived), arrived, out written);
        }

        written = 0;
        BufferPool buffers = _body.Context.Buffers;
        int stride = _body.SealedSize + (journaled ? JournalFormat.EntryOverhead : 0);
        byte[] buffer = buffers.Rent(_count * stride);
        VaultStatus status = Seal(buffer, journaled, out int filled);
        if (status == VaultStatus.Ok)
        {
            ReadOnlySpan<byte> cipher = buffer.AsSpan(0, filled);
            int stored = _count;
            status = journaled ? _body.Journal.Append(cipher, _block, stride) : StoreInPlace(cipher, out stored);
            stored = journaled && status != VaultStatus.Ok ? 0 : stored;
            status = Account(status, stored, out written);
        }

        buffers.Return(buffer);
        if (_scratch is not null)
        {
            buffers.ReturnPlain(_scratch, _body.BlockSize);
        }

        return status;
    }

    /// <summary>What is written is whole blocks.</summary>
    private readonly bool IsWhole => _plainOffset == _block << _body.Shift && _plain.Length == (long)_count << _body.Shift;

    private VaultStatus Seal(Span<byte> buffer, bool journaled, out int filled)
    {
        filled = 0;
        for (int index = 0; index < _count; index++)
        {
            long block = _block + index;
            VaultStatus status = Content(block, out ReadOnlySpan<byte> content);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            int length = content.Length + FileLayout.BlockOverhead;
            if (journaled)
            {
                JournalFormat.WriteEntryHead(buffer.Slice(filled, JournalFormat.EntryOverhead), block, length);
                filled += JournalFormat.EntryOverhead;
            }

            _body.Codec.SealBlock(block, content, buffer.Slice(filled, length));
            filled += length;
            _last = content;
        }

        return VaultStatus.Ok;
    }

    /// <summary>The block's whole new plaintext: the caller's own bytes, or merged in scratch (valid until the next block).</summary>
    private VaultStatus Content(long block, out ReadOnlySpan<byte> content)
    {
        long blockStart = block << _body.Shift;
        int length = _body.PlainLength(block, _newSize);
        int start = (int)long.Max(0, _plainOffset - blockStart);
        int stop = (int)long.Min(length, _plainOffset + _plain.Length - blockStart);
        ReadOnlySpan<byte> part = _plain.Slice((int)(blockStart + start - _plainOffset), stop - start);
        if (part.Length == length)
        {
            content = part;
            return VaultStatus.Ok;
        }

        _scratch ??= _body.Context.Buffers.Rent(_body.BlockSize);
        Span<byte> scratch = _scratch.AsSpan(0, length);
        content = scratch;
        VaultStatus status = ReadOld(block, _scratch, out int old);
        scratch[int.Min(old, length)..].Clear();
        part.CopyTo(scratch[start..]);
        return status;
    }

    /// <summary>What the file has of the block now; old is 0 for a hole and past the end.</summary>
    private readonly VaultStatus ReadOld(long block, Span<byte> scratch, out int old)
    {
        old = 0;
        if (block << _body.Shift >= _body.Size)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = _body.Maps.IsData(block, out bool data);
        if (status != VaultStatus.Ok || !data)
        {
            return status;
        }

        old = _body.PlainLength(block, _body.Size);
        ReadOnlySpan<byte> kept = _body.Tail.Find(block);
        if (kept.Length == old)
        {
            kept.CopyTo(scratch);
            return VaultStatus.Ok;
        }

        status = BlockReader.ReadBlock(_body, block, scratch, out old);
        if (status == VaultStatus.Ok && old < _body.BlockSize)
        {
            _body.Tail.Keep(block, scratch[..old]);
        }

        return status;
    }

    /// <summary>When the store fails in the middle, stored counts the whole blocks that arrived.</summary>
    private readonly VaultStatus StoreInPlace(ReadOnlySpan<byte> cipher, out int stored)
    {
        VaultStatus status = MakeRoom(out stored);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _body.StoreBlocks(cipher, _block, out int written);
        return Arrived(status, written, out stored);
    }

    /// <summary>As StoreInPlace, sealing meanwhile.</summary>
    private readonly VaultStatus StoreShared(out int stored)
    {
        VaultStatus status = MakeRoom(out stored);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = SharedStoring.Mine.Write(_body, _block, _plain, out long written);
        return Arrived(status, written, out stored);
    }

    private readonly VaultStatus MakeRoom(out int stored)
    {
        stored = 0;
        VaultStatus status = _body.Maps.Extend(_block, _block + _count);
        if (status != VaultStatus.Ok)
        {
            _body.Maps.Trim();
        }

        return status;
    }

    private readonly VaultStatus Arrived(VaultStatus status, long written, out int stored)
    {
        _body.FileDirty = true;
        stored = status == VaultStatus.Ok ? _count : (int)(written / _body.SealedSize);
        if (status != VaultStatus.Ok && stored < _count)
        {
            RestoreTail(_block + stored);
        }

        return status;
    }

    /// <summary>The write tore the file's partial last block, whose old content is kept: puts it back (its space is there already).</summary>
    private readonly void RestoreTail(long block)
    {
        ReadOnlySpan<byte> kept = _body.Tail.Find(block);
        if (!kept.IsEmpty)
        {
            int length = kept.Length + FileLayout.BlockOverhead;
            byte[] buffer = _body.Context.Buffers.Rent(length);
            _body.Codec.SealBlock(block, kept, buffer.AsSpan(0, length));
            _ = _body.Store.WriteAt(_body.File, buffer.AsSpan(0, length), _body.BlockOffset(block), out _);
            _body.Context.Buffers.Return(buffer);
        }
    }

    /// <summary>Size, data blocks, hole marks and the kept tail after stored blocks arrived: the data first, then the bit.</summary>
    private readonly VaultStatus Account(VaultStatus status, int stored, out int written)
    {
        written = 0;
        if (stored > 0)
        {
            long stop = _block + stored;
            VaultStatus marked = _body.Maps.Mark(_block, long.Min(stop, _body.DataBlocks), hole: false, out bool changed);
            if (marked != VaultStatus.Ok)
            {
                return marked;
            }

            _body.NeedsRecord |= changed && _block < _body.Recorded.DataBlocks;
            _body.DataBlocks = long.Max(_body.DataBlocks, stop);
            written = (int)long.Min(_plain.Length, (stop << _body.Shift) - _plainOffset);
            _body.Size = long.Max(_body.Size, _plainOffset + written);
        }

        if (status != VaultStatus.Ok)
        {
            _body.Maps.Trim();
        }

        KeepTail(stored);
        return status;
    }

    private readonly void KeepTail(int stored)
    {
        if (stored == _count && _last.Length < _body.BlockSize)
        {
            _body.Tail.Keep(_block + _count - 1, _last);
        }
        else if (stored > 0)
        {
            _body.Tail.Forget();
        }
    }
}

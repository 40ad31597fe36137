using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;

namespace SecureVault.Tests.Format;

/// <summary>Reads a stored file of the golden vectors with the Format room alone: the rules of FORMAT.md, section Files, in their shortest form.</summary>
internal sealed class StoredSample : IDisposable
{
    private readonly GoldenVector _vector;
    private readonly byte[] _stored;
    private readonly Dictionary<long, byte[]> _journal = [];
    private BlockCodec? _codec;
    private FileState _state;

    public StoredSample(GoldenVector vector)
    {
        _vector = vector;
        _stored = new byte[vector.Number("stored-size")];
        foreach (string segment in vector.All("segment"))
        {
            string[] parts = segment.Split(' ');
            byte[] bytes = Convert.FromHexString(parts[1]);
            int offset = int.Parse(parts[0], CultureInfo.InvariantCulture);
            int fits = Math.Clamp(_stored.Length - offset, 0, bytes.Length);
            bytes.AsSpan(0, fits).CopyTo(_stored.AsSpan(Math.Min(offset, _stored.Length)));
        }
    }

    public FileIdentity Identity => _codec!.Identity;

    public FileState State => _state;

    private int Shift => Identity.BlockShift;

    public void Dispose() => _codec?.Dispose();

    public FormatStatus TryRead(out byte[] plain)
    {
        plain = [];
        using AeadKey headerKey = _vector.Aead();
        FormatStatus status = FileHeader.TryOpenKeyRecord(Slice(0, 128), headerKey, Keys(), out FileIdentity identity, out _, out SecretKey? secret);
        if (status != FormatStatus.Ok)
        {
            return status;
        }

        Xunit.Assert.Equal(_vector.Bytes("secret"), secret!.Bytes.ToArray());
        using (secret)
        {
            _codec = new BlockCodec(identity, secret);
        }

        status = identity.BlockShift == _vector.Number("block-shift") ? FileHeader.TryOpenState(Slice(128, 384), _codec.FileKey, identity.Id, Shift, out _state) : FormatStatus.Corrupt;
        if (status != FormatStatus.Ok)
        {
            return status;
        }

        bool open = (_state.Flags & FileStateFlags.Open) != 0;
        bool believable = open
            ? _vector.Text("crashed").Split(' ').Contains(_state.Session.ToString(CultureInfo.InvariantCulture)) && TakeJournal(_vector.Bytes("journal"))
            : _stored.Length == FileLayout.CipherSize(_state.Size, Shift);
        return believable && (open ? TryRecover(out plain) : TryReadBlocks(_state.Size, out plain)) ? FormatStatus.Ok : FormatStatus.Corrupt;
    }

    private bool TryReadBlocks(long size, out byte[] plain)
    {
        plain = new byte[size];
        for (long index = 0; index < Math.Min(_state.DataBlocks, FileLayout.BlockCount(size, Shift)); index++)
        {
            if (!TryReadHole(index, out bool hole))
            {
                return false;
            }

            Span<byte> block = plain.AsSpan((int)(index << Shift));
            block = block[..Math.Min(block.Length, FileLayout.BlockSize(Shift))];
            if (!hole && !TryOpen(index, block))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadHole(long index, out bool hole)
    {
        long group = FileLayout.GroupOf(index, Shift);
        byte[] bits = new byte[FileLayout.BlockSize(Shift)];
        ((ReadOnlySpan<byte>)_state.Holes).CopyTo(bits);
        long bit = index - FileLayout.FirstBlock(group, Shift);
        bool authentic = group == 0 || _codec!.TryOpenMap(group, Slice(FileLayout.MapOffset(group, Shift), FileLayout.CipherBlockSize(Shift)), bits);
        hole = (bits[bit / 8] >> (int)(bit % 8) & 1) == 1;
        return authentic;
    }

    /// <summary>An open file: recorded blocks, the last of them perhaps longer in the journal, then late ones that authenticate.</summary>
    private bool TryRecover(out byte[] plain)
    {
        if (!TryReadBlocks(_state.Size, out plain))
        {
            return false;
        }

        long last = _state.DataBlocks - 1;
        bool hole = true;
        bool readable = last < 0 || TryReadHole(last, out hole);
        if (_journal.TryGetValue(last, out byte[]? longer) && !hole)
        {
            Accept(ref plain, last, longer);
        }

        bool full = hole || plain.Length >= _state.DataBlocks << Shift;
        for (long index = last + 1; full && FileLayout.BlockOffset(index, Shift) + FileLayout.BlockOverhead < _stored.Length; index++)
        {
            Accept(ref plain, index, Slice(FileLayout.BlockOffset(index, Shift), FileLayout.CipherBlockSize(Shift)));
        }

        return readable;
    }

    private void Accept(ref byte[] plain, long index, ReadOnlySpan<byte> cipher)
    {
        byte[] block = new byte[cipher.Length - FileLayout.BlockOverhead];
        int start = (int)(index << Shift);
        bool fits = block.Length == FileLayout.BlockSize(Shift) || start + block.Length >= plain.Length;
        if (fits && _codec!.TryOpenBlock(index, cipher, block))
        {
            Array.Resize(ref plain, Math.Max(plain.Length, start + block.Length));
            block.CopyTo(plain, start);
        }
    }

    /// <summary>True always: a journal that is not this file's and session's counts as none.</summary>
    private bool TakeJournal(ReadOnlySpan<byte> journal)
    {
        if (journal.Length < JournalFormat.HeaderSize || JournalFormat.TryReadHeader(journal[..JournalFormat.HeaderSize], Identity.Id, _state.Session) != FormatStatus.Ok)
        {
            return true;
        }

        journal = journal[JournalFormat.HeaderSize..];
        while (JournalFormat.TryReadEntryHead(journal[..Math.Min(JournalFormat.EntryOverhead, journal.Length)], Shift, out long index, out int length) && length <= journal.Length - JournalFormat.EntryOverhead)
        {
            ReadOnlySpan<byte> cipher = journal.Slice(JournalFormat.EntryOverhead, length);
            if (!_codec!.TryOpenBlock(index, cipher, new byte[length - FileLayout.BlockOverhead]))
            {
                break;
            }

            long wanted = Math.Min(FileLayout.BlockSize(Shift), _state.Size - (index << Shift));
            if (index < _state.DataBlocks && length - FileLayout.BlockOverhead >= wanted)
            {
                _journal[index] = cipher.ToArray();
            }

            journal = journal[(JournalFormat.EntryOverhead + length)..];
        }

        return true;
    }

    /// <summary>Opens a recorded block where the journal or the file has it; of a longer one in the journal, its beginning.</summary>
    private bool TryOpen(long index, Span<byte> block)
    {
        ReadOnlySpan<byte> cipher = _journal.TryGetValue(index, out byte[]? entry) ? entry : Slice(FileLayout.BlockOffset(index, Shift), block.Length + FileLayout.BlockOverhead);
        byte[] whole = new byte[Math.Max(0, cipher.Length - FileLayout.BlockOverhead)];
        if (whole.Length < block.Length || !_codec!.TryOpenBlock(index, cipher, whole))
        {
            return false;
        }

        whole.AsSpan(0, block.Length).CopyTo(block);
        return true;
    }

    private ReadOnlySpan<byte> Slice(long offset, int length) =>
        _stored.AsSpan((int)Math.Min(offset, _stored.Length), (int)Math.Clamp(_stored.Length - offset, 0, length));

    private SampleKeys Keys()
    {
        var keys = new SampleKeys();
        foreach (string[] pair in _vector.All("compartment-key").Select(pair => pair.Split(' ')))
        {
            using var key = SecretKey.Import(Convert.FromHexString(pair[1]));
            keys.With(new KeyId(Id128.Read(Convert.FromHexString(pair[0]))), AeadKey.Create(_vector.Suite, key));
        }

        return keys;
    }
}

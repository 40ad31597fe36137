using System;
using System.Buffers.Binary;
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
            ? _vector.Text("crashed").Split(' ').Contains(_state.Session.ToString(CultureInfo.InvariantCulture)) && TryReadJournal(_vector.Bytes("journal"))
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
            if (!hole && !_codec!.TryOpenBlock(index, Sealed(index, block.Length), block))
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

    /// <summary>An open file: recorded blocks as they are, then those after them that authenticate.</summary>
    private bool TryRecover(out byte[] plain)
    {
        if (!TryReadBlocks(_state.Size, out plain))
        {
            return false;
        }

        for (long index = _state.DataBlocks; FileLayout.BlockOffset(index, Shift) + FileLayout.BlockOverhead < _stored.Length; index++)
        {
            ReadOnlySpan<byte> cipher = Sealed(index, FileLayout.BlockSize(Shift));
            byte[] block = new byte[cipher.Length - FileLayout.BlockOverhead];
            if (_codec!.TryOpenBlock(index, cipher, block))
            {
                Array.Resize(ref plain, Math.Max(plain.Length, (int)(index << Shift) + block.Length));
                block.CopyTo(plain, (int)(index << Shift));
            }
        }

        return true;
    }

    private bool TryReadJournal(ReadOnlySpan<byte> journal)
    {
        if (journal.IsEmpty)
        {
            return true;
        }

        if (JournalFormat.TryReadHeader(journal[..JournalFormat.HeaderSize], Identity.Id, _state.Session) != FormatStatus.Ok)
        {
            return false;
        }

        journal = journal[JournalFormat.HeaderSize..];
        while (JournalFormat.TryReadEntryHead(journal[..Math.Min(JournalFormat.EntryOverhead, journal.Length)], Shift, out long index, out int length) && length <= journal.Length - JournalFormat.EntryOverhead)
        {
            _journal[index] = journal.Slice(JournalFormat.EntryOverhead, length).ToArray();
            journal = journal[(JournalFormat.EntryOverhead + length)..];
        }

        return true;
    }

    private ReadOnlySpan<byte> Sealed(long index, int plainLength) =>
        _journal.TryGetValue(index, out byte[]? entry) ? entry : Slice(FileLayout.BlockOffset(index, Shift), plainLength + FileLayout.BlockOverhead);

    private ReadOnlySpan<byte> Slice(long offset, int length) =>
        _stored.AsSpan((int)Math.Min(offset, _stored.Length), (int)Math.Clamp(_stored.Length - offset, 0, length));

    private SampleKeys Keys()
    {
        var keys = new SampleKeys();
        foreach (string[] pair in _vector.All("compartment-key").Select(pair => pair.Split(' ')))
        {
            using var key = SecretKey.Import(Convert.FromHexString(pair[1]));
            keys.With(new KeyId(BinaryPrimitives.ReadUInt128BigEndian(Convert.FromHexString(pair[0]))), AeadKey.Create(_vector.Suite, key));
        }

        return keys;
    }
}

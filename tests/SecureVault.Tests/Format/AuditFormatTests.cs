using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class AuditFormatTests : IDisposable
{
    private readonly AeadKey _key = Samples.Aead(CipherSuite.Aes256Gcm, 11);
    private readonly SigningKey _signer = Samples.Signer();
    private readonly byte[] _body = new byte[AuditFormat.MaxBody];

    public void Dispose()
    {
        _key.Dispose();
        _signer.Dispose();
    }

    [Fact]
    public void A_log_of_records_and_checkpoints_reads_back()
    {
        List<byte[]> frames = Log();
        byte[] log = [.. frames.SelectMany(frame => frame)];
        var read = new List<(AuditFrameKind Kind, byte[] Body)>();
        Assert.Equal(log.Length, Read(log, Samples.VaultId, read));
        Assert.Equal([AuditFrameKind.Record, AuditFrameKind.Record, AuditFrameKind.Checkpoint, AuditFrameKind.Record], read.Select(r => r.Kind));
        Assert.Equal(Samples.Bytes(0), read[0].Body);
        Assert.Equal(Samples.Bytes(200), read[1].Body);
        Assert.Equal(AuditFormat.CheckpointSize, frames[2].Length);
        Assert.Equal(Samples.Bytes(33), read[3].Body);
    }

    [Fact]
    public void A_flipped_bit_is_found_in_its_own_frame()
    {
        List<byte[]> frames = Log();
        byte[] log = [.. frames.SelectMany(frame => frame)];
        Hostile.EveryFlip(log, bit =>
        {
            int end = 0;
            int damaged = frames.FindIndex(frame => (end += frame.Length) > bit / 8);
            Assert.Equal(frames.Take(damaged).Sum(frame => frame.Length), Read(log, Samples.VaultId, []));
        });
    }

    [Fact]
    public void A_cut_log_reads_up_to_the_last_whole_frame()
    {
        List<byte[]> frames = Log();
        byte[] log = [.. frames.SelectMany(frame => frame)];
        for (int length = 0; length < log.Length; length++)
        {
            int whole = 0;
            foreach (byte[] frame in frames.TakeWhile(frame => whole + frame.Length <= length))
            {
                whole += frame.Length;
            }

            Assert.Equal(whole, Read(log.AsSpan(0, length), Samples.VaultId, []));
        }
    }

    [Fact]
    public void Frames_left_out_put_twice_or_swapped_are_found()
    {
        List<byte[]> f = Log();
        Assert.Equal(0, Read([.. f[1], .. f[0]], Samples.VaultId, []));
        Assert.Equal(f[0].Length, Read([.. f[0], .. f[0]], Samples.VaultId, []));
        Assert.Equal(f[0].Length, Read([.. f[0], .. f[2], .. f[3]], Samples.VaultId, []));
        Assert.Equal(0, Read([.. f[0]], Samples.Next(Samples.VaultId), []));
    }

    [Fact]
    public void A_chain_made_anew_without_the_signer_fails_at_the_checkpoint()
    {
        // Whoever has the audit key alone can write records, but no checkpoint after them.
        using SigningKey thief = Samples.Signer(20);
        ChainValue chain = default;
        byte[] frame = new byte[AuditFormat.CheckpointSize];
        AuditFormat.WriteCheckpoint(frame, 1, thief, _key, Samples.VaultId, ref chain);
        Assert.Equal(0, Read(frame, Samples.VaultId, []));
    }

    [Fact]
    public void The_chain_stays_where_it_was_when_a_frame_is_refused()
    {
        byte[] frame = Log()[0];
        frame[20] ^= 1;
        ChainValue chain = default;
        Assert.Equal(FormatStatus.Corrupt, AuditFormat.TryReadFrame(frame, 1, _key, Samples.VaultId, _signer.PublicPoint(), ref chain, _body, out _, out int frameLength, out int bodyLength));
        Assert.Equal((0, 0), (frameLength, bodyLength));
        Assert.False(((ReadOnlySpan<byte>)chain).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_body_that_lies_in_its_frame_is_sealed_where_it_is()
    {
        ChainValue chain = default;
        ChainValue read = default;
        byte[] frame = Samples.Bytes(200 + AuditFormat.FrameOverhead); // whatever else was in the buffer
        byte[] opened = new byte[AuditFormat.MaxBody];
        byte[] body = frame.AsSpan(AuditFormat.BodyOffset, 200).ToArray();
        AuditFormat.SealRecord(frame, 1, _key, Samples.VaultId, ref chain);
        Assert.Equal(FormatStatus.Ok, AuditFormat.TryReadFrame(frame, 1, _key, Samples.VaultId, [], ref read, opened, out _, out _, out int length));
        Assert.Equal(body, opened[..length]);
        Assert.Equal(((ReadOnlySpan<byte>)chain).ToArray(), ((ReadOnlySpan<byte>)read).ToArray());
        Assert.Throws<ArgumentException>(() => AuditFormat.SealRecord(new byte[AuditFormat.FrameOverhead - 1], 2, _key, Samples.VaultId, ref chain));
    }

    [Fact]
    public void The_longest_body_fits_and_a_longer_one_is_the_callers_mistake()
    {
        ChainValue chain = default;
        byte[] frame = new byte[AuditFormat.MaxBody + AuditFormat.FrameOverhead];
        Samples.SealRecord(frame, 1, Samples.Bytes(AuditFormat.MaxBody), _key, Samples.VaultId, ref chain);
        Assert.Equal(frame.Length, Read(frame, Samples.VaultId, []));
        Assert.Throws<ArgumentException>(() => AuditFormat.SealRecord(new byte[frame.Length + 1], 2, _key, Samples.VaultId, ref chain));
    }

    [Fact]
    public void A_head_gives_back_every_field_and_any_flip_or_cut_is_refused()
    {
        AuditHead head = default;
        head.Sequence = 9;
        head.LogLength = 12345;
        head.PolicyVersion = 3;
        head.Session = 4;
        Samples.Bytes(32, 40).CopyTo((Span<byte>)head.Chain);
        byte[] stored = new byte[AuditHead.StoredSize];
        head.Write(stored, _key, Samples.VaultId);
        Assert.Equal(FormatStatus.Ok, AuditHead.TryOpen(stored, _key, Samples.VaultId, out AuditHead read));
        Assert.Equal((9UL, 12345L, 3UL, 4UL), (read.Sequence, read.LogLength, read.PolicyVersion, read.Session));
        Assert.Equal(Samples.Bytes(32, 40), ((ReadOnlySpan<byte>)read.Chain).ToArray());
        Assert.Equal(FormatStatus.Corrupt, AuditHead.TryOpen(stored, _key, Samples.Next(Samples.VaultId), out _));
        Hostile.EveryFlip(stored, bit => Assert.NotEqual(FormatStatus.Ok, AuditHead.TryOpen(stored, _key, Samples.VaultId, out _)));
        Hostile.EveryCut(stored, cut => Assert.Equal(FormatStatus.Corrupt, AuditHead.TryOpen(cut, _key, Samples.VaultId, out _)));
        stored[4] = 3;
        Assert.Equal(FormatStatus.NewerVersion, AuditHead.TryOpen(stored, _key, Samples.VaultId, out _));
    }

    [Fact]
    public void A_head_that_binds_given_labels_is_of_version_2_and_only_such_a_one()
    {
        var head = new AuditHead { Sequence = 9, LabelsVersion = 7 };
        byte[] stored = new byte[AuditHead.StoredSize];
        head.Write(stored, _key, Samples.VaultId);
        Assert.Equal(2, stored[4]);
        Assert.Equal(FormatStatus.Ok, AuditHead.TryOpen(stored, _key, Samples.VaultId, out AuditHead read));
        Assert.Equal((9UL, 7UL), (read.Sequence, read.LabelsVersion));
        Hostile.EveryFlip(stored, bit => Assert.NotEqual(FormatStatus.Ok, AuditHead.TryOpen(stored, _key, Samples.VaultId, out _)));
    }

    private List<byte[]> Log()
    {
        ChainValue chain = default;
        var frames = new List<byte[]>();
        void Record(int length)
        {
            byte[] frame = new byte[length + AuditFormat.FrameOverhead];
            Samples.SealRecord(frame, (ulong)frames.Count + 1, Samples.Bytes(length), _key, Samples.VaultId, ref chain);
            frames.Add(frame);
        }

        Record(0);
        Record(200);
        byte[] checkpoint = new byte[AuditFormat.CheckpointSize];
        Assert.Equal(checkpoint.Length, AuditFormat.WriteCheckpoint(checkpoint, 3, _signer, _key, Samples.VaultId, ref chain));
        frames.Add(checkpoint);
        Record(33);
        return frames;
    }

    /// <summary>Reads as far as frames are good; returns how far.</summary>
    private int Read(ReadOnlySpan<byte> log, Id128 vaultId, List<(AuditFrameKind Kind, byte[] Body)> read)
    {
        ChainValue chain = default;
        int position = 0;
        byte[] point = _signer.PublicPoint();
        for (ulong sequence = 1; AuditFormat.TryReadFrame(log[position..], sequence, _key, vaultId, point, ref chain, _body, out AuditFrameKind kind, out int frameLength, out int bodyLength) == FormatStatus.Ok; sequence++)
        {
            position += frameLength;
            read.Add((kind, _body[..bodyLength]));
        }

        return position;
    }
}

using System;
using System.Buffers;
using System.Security.Cryptography;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>What an audit frame carries.</summary>
public enum AuditFrameKind : byte
{
    /// <summary>One sealed record.</summary>
    Record = 1,

    /// <summary>A signed checkpoint: sequence and chain up to here, ECDSA P-256.</summary>
    Checkpoint = 2,
}

/// <summary>32 bytes of SHA-256. All zero before the first frame of a log.</summary>
[System.Runtime.CompilerServices.InlineArray(32)]
public struct ChainValue
{
    private byte _first;
}

/// <summary>Frames of audit/log: sealed, numbered from 1 and chained by hash.</summary>
/// <remarks>
/// <code>
/// frame     0   4  length of the whole frame      associated   0   4  "SVA1"
///           4   1  kind                                        4  16  vault id
///           5   3  zero                                       20  16  bytes 0..15 of the frame
///           8   8  sequence                                   36  32  chain before
///          16  12  nonce                          checkpoint   0  22  "securevault checkpoint"
///          28   n  sealed body                    signs       22  16  vault id
///        28+n  16  tag                                        38   8  sequence
///        44+n  32  chain                                      46  32  chain before
/// </code>
/// chain = SHA-256(chain before, frame bytes 0 .. 43+n). A checkpoint's body is the 64-byte signature.
/// Any thread; records allocate nothing in steady state.
/// </remarks>
public static class AuditFormat
{
    /// <summary>Bytes a frame adds to its body.</summary>
    public const int FrameOverhead = 4 + 1 + 3 + 8 + 12 + 16 + 32;

    /// <summary>Where the body lies in a frame.</summary>
    public const int BodyOffset = HeadSize + AeadKey.NonceSize;

    /// <summary>Longest body.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>Size of a checkpoint frame.</summary>
    public const int CheckpointSize = FrameOverhead + SigningKey.SignatureSize;

    private const int HeadSize = 16;
    private const int ChainSize = 32;
    private const int AssociatedSize = 4 + 16 + HeadSize + ChainSize;
    private const int MessageSize = 22 + 16 + 8 + ChainSize;

    /// <summary>Makes a frame (body + FrameOverhead bytes) of a body that lies in it already, at BodyOffset, and moves chain on. The body is sealed where it is.</summary>
    public static void SealRecord(Span<byte> frame, ulong sequence, AeadKey auditKey, Id128 vaultId, ref ChainValue chain)
    {
        Require.That(frame.Length >= FrameOverhead, "An audit frame is at least 76 bytes long.");
        WriteFrame(frame, AuditFrameKind.Record, sequence, frame.Slice(BodyOffset, frame.Length - FrameOverhead), auditKey, vaultId, ref chain);
    }

    /// <summary>Writes a checkpoint frame (CheckpointSize bytes): signs (vault id, sequence, chain before it).</summary>
    public static int WriteCheckpoint(Span<byte> frame, ulong sequence, SigningKey signer, AeadKey auditKey, Id128 vaultId, ref ChainValue chain)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        WriteMessage(message, sequence, vaultId, chain);
        Span<byte> signature = stackalloc byte[SigningKey.SignatureSize];
        signer.Sign(message, signature);
        WriteFrame(frame[..CheckpointSize], AuditFrameKind.Checkpoint, sequence, signature, auditKey, vaultId, ref chain);
        return CheckpointSize;
    }

    /// <summary>Reads the frame at the start of log; Corrupt when cut, out of order, out of chain, not authentic or badly signed. body is written to bodyBuffer (MaxBody).</summary>
    /// <remarks>chain moves on only when the answer is Ok.</remarks>
    public static FormatStatus TryReadFrame(ReadOnlySpan<byte> log, ulong expectedSequence, AeadKey auditKey, Id128 vaultId, ReadOnlySpan<byte> signingPoint, ref ChainValue chain, Span<byte> bodyBuffer, out AuditFrameKind kind, out int frameLength, out int bodyLength)
    {
        kind = default;
        frameLength = 0;
        bodyLength = 0;
        if (!TryReadHead(log, expectedSequence, out AuditFrameKind found, out int length))
        {
            return FormatStatus.Corrupt;
        }

        ReadOnlySpan<byte> frame = log[..length];
        ChainValue next = default;
        Advance(chain, frame[..^ChainSize], next);
        Span<byte> body = bodyBuffer[..(length - FrameOverhead)];
        Span<byte> associated = stackalloc byte[AssociatedSize];
        WriteAssociated(associated, frame, vaultId, chain);
        if (!frame[^ChainSize..].SequenceEqual(next)
            || !auditKey.TryOpen(frame.Slice(HeadSize, AeadKey.NonceSize), frame.Slice(BodyOffset, body.Length), frame.Slice(BodyOffset + body.Length, AeadKey.TagSize), body, associated)
            || (found == AuditFrameKind.Checkpoint && !IsSigned(expectedSequence, vaultId, chain, signingPoint, body)))
        {
            return FormatStatus.Corrupt;
        }

        chain = next;
        kind = found;
        frameLength = length;
        bodyLength = body.Length;
        return FormatStatus.Ok;
    }

    private static void WriteFrame(Span<byte> frame, AuditFrameKind kind, ulong sequence, ReadOnlySpan<byte> body, AeadKey auditKey, Id128 vaultId, ref ChainValue chain)
    {
        Require.That(body.Length <= MaxBody && frame.Length == body.Length + FrameOverhead, "An audit frame is 76 bytes longer than its body, at most 64 KiB.");
        Require.That(sequence > 0, "Audit frames are numbered from 1.");
        WriteInt32LittleEndian(frame, frame.Length);
        WriteUInt32LittleEndian(frame[4..], (uint)kind);
        WriteUInt64LittleEndian(frame[8..], sequence);

        Span<byte> associated = stackalloc byte[AssociatedSize];
        WriteAssociated(associated, frame, vaultId, chain);
        Span<byte> nonce = frame.Slice(HeadSize, AeadKey.NonceSize);
        RandomBytes.Fill(nonce);
        auditKey.Seal(nonce, body, frame.Slice(BodyOffset, body.Length), frame.Slice(BodyOffset + body.Length, AeadKey.TagSize), associated);
        Advance(chain, frame[..^ChainSize], chain);
        ((ReadOnlySpan<byte>)chain).CopyTo(frame[^ChainSize..]);
    }

    private static bool TryReadHead(ReadOnlySpan<byte> log, ulong expectedSequence, out AuditFrameKind kind, out int length)
    {
        kind = default;
        length = 0;
        if (log.Length < FrameOverhead)
        {
            return false;
        }

        length = ReadInt32LittleEndian(log);
        kind = (AuditFrameKind)log[4];
        bool sized = kind switch
        {
            AuditFrameKind.Record => length is >= FrameOverhead and <= FrameOverhead + MaxBody,
            AuditFrameKind.Checkpoint => length == CheckpointSize,
            _ => false,
        };
        return sized && length <= log.Length && !log[5..8].ContainsAnyExcept((byte)0) && ReadUInt64LittleEndian(log[8..]) == expectedSequence;
    }

    private static bool IsSigned(ulong sequence, Id128 vaultId, in ChainValue before, ReadOnlySpan<byte> signingPoint, ReadOnlySpan<byte> signature)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        WriteMessage(message, sequence, vaultId, before);
        return SigningKey.Verify(signingPoint, message, signature);
    }

    private static void Advance(in ChainValue before, ReadOnlySpan<byte> frame, Span<byte> after)
    {
        byte[] pooled = ArrayPool<byte>.Shared.Rent(ChainSize + frame.Length);
        Span<byte> hashed = pooled.AsSpan(0, ChainSize + frame.Length);
        ((ReadOnlySpan<byte>)before).CopyTo(hashed);
        frame.CopyTo(hashed[ChainSize..]);
        SHA256.HashData(hashed, after);
        ArrayPool<byte>.Shared.Return(pooled);
    }

    private static void WriteAssociated(Span<byte> associated, ReadOnlySpan<byte> frame, Id128 vaultId, in ChainValue before)
    {
        "SVA1"u8.CopyTo(associated);
        vaultId.Write(associated[4..]);
        frame[..HeadSize].CopyTo(associated[20..]);
        ((ReadOnlySpan<byte>)before).CopyTo(associated[36..]);
    }

    private static void WriteMessage(Span<byte> message, ulong sequence, Id128 vaultId, in ChainValue before)
    {
        "securevault checkpoint"u8.CopyTo(message);
        vaultId.Write(message[22..]);
        WriteUInt64LittleEndian(message[38..], sequence);
        ((ReadOnlySpan<byte>)before).CopyTo(message[46..]);
    }
}

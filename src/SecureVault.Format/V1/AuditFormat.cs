using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>What an audit frame carries.</summary>
public enum AuditFrameKind : byte
{
    /// <summary>One sealed record.</summary>
    Record = 1,

    /// <summary>A signed checkpoint: sequence and chain up to here, ECDSA P-256.</summary>
    Checkpoint = 2,
}

/// <summary>Where an audit log stands: the last sequence and chain value, and what they bind.</summary>
public struct AuditHead
{
    public const int StoredSize = 128;

    /// <summary>Sequence of the last frame; 0 when the log is empty.</summary>
    public ulong Sequence;

    /// <summary>Length of the log in bytes up to and with that frame.</summary>
    public long LogLength;

    /// <summary>SHA-256 chain value after that frame.</summary>
    public ChainValue Chain;

    /// <summary>Policy version in force at that frame.</summary>
    public ulong PolicyVersion;

    /// <summary>Last mount session begun.</summary>
    public ulong Session;

    public readonly void Write(Span<byte> stored, AeadKey auditKey, UInt128 vaultId) => throw new NotSupportedException();
    public static FormatStatus TryOpen(ReadOnlySpan<byte> stored, AeadKey auditKey, UInt128 vaultId, out AuditHead head) => throw new NotSupportedException();
}

/// <summary>32 bytes of SHA-256.</summary>
[System.Runtime.CompilerServices.InlineArray(32)]
public struct ChainValue
{
    private byte _first;
}

/// <summary>
/// Frames of audit/log. Frame: length (4, of the whole frame) | kind (1) | reserved (3) | sequence (8) | nonce (12) |
/// sealed body | tag (16) | chain (32), chain = SHA-256(previous chain, frame up to here). A checkpoint's body is signed.
/// </summary>
public static class AuditFormat
{
    /// <summary>Bytes a frame adds to its body.</summary>
    public const int FrameOverhead = 4 + 1 + 3 + 8 + 12 + 16 + 32;

    /// <summary>Longest body.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>Writes one frame (body.Length + FrameOverhead bytes) and moves chain on.</summary>
    public static void WriteRecord(Span<byte> frame, ulong sequence, ReadOnlySpan<byte> body, AeadKey auditKey, UInt128 vaultId, ref ChainValue chain) => throw new NotSupportedException();

    /// <summary>Writes a checkpoint frame (CheckpointSize bytes): signs (vault id, sequence, chain before it).</summary>
    public static int WriteCheckpoint(Span<byte> frame, ulong sequence, SigningKey signer, AeadKey auditKey, UInt128 vaultId, ref ChainValue chain) => throw new NotSupportedException();

    /// <summary>Size of a checkpoint frame.</summary>
    public const int CheckpointSize = FrameOverhead + SigningKey.SignatureSize;

    /// <summary>Reads the frame at the start of log; Corrupt when cut, out of order, out of chain, not authentic or badly signed. body is written to bodyBuffer (MaxBody).</summary>
    public static FormatStatus TryReadFrame(ReadOnlySpan<byte> log, ulong expectedSequence, AeadKey auditKey, UInt128 vaultId, ReadOnlySpan<byte> signingPoint, ref ChainValue chain, Span<byte> bodyBuffer, out AuditFrameKind kind, out int frameLength, out int bodyLength) => throw new NotSupportedException();
}

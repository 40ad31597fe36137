using System;
using System.Buffers;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Terms;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Vaults.Audit;

/// <summary>Walks the frames of a log from its end to its beginning. A frame names its length and sequence where it begins, and is chained to the bytes before it, so each proves where it begins.</summary>
/// <remarks>One thread. Its buffers are pooled and wiped on dispose.</remarks>
internal sealed class AuditBackward : IDisposable
{
    private const int ChainSize = 32;
    private const int MaxFrame = AuditFormat.MaxBody + AuditFormat.FrameOverhead;
    private const int WindowSize = 4 * (MaxFrame + ChainSize);
    private readonly AuditPlace _place;
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(WindowSize);
    private readonly byte[] _body = ArrayPool<byte>.Shared.Rent(AuditFormat.MaxBody);
    private AuditHead _before;
    private long _windowStart;
    private int _windowLength;

    /// <param name="end">The last frame: its sequence, where it ends, and its chain value.</param>
    public AuditBackward(AuditPlace place, in AuditHead end)
    {
        _place = place;
        _before = end;
    }

    /// <summary>Where the log stood before the frame last read: a cursor that stands there reads it next.</summary>
    public ref readonly AuditHead Before => ref _before;

    /// <summary>Reads the frame before the one last read. False at the beginning (Before.Sequence is 0 then), and where a frame is not what it must be.</summary>
    /// <param name="body">Valid until the next call.</param>
    public bool TryPrevious(out AuditFrameKind kind, out ReadOnlySpan<byte> body)
    {
        kind = default;
        body = default;
        if (_before.Sequence == 0 || !Fill())
        {
            return false;
        }

        ReadOnlySpan<byte> log = _window.AsSpan(0, (int)(_before.LogLength - _windowStart));
        if (log.Length < AuditFormat.FrameOverhead || !log[^ChainSize..].SequenceEqual(_before.Chain))
        {
            return false;
        }

        int least = Math.Max(0, log.Length - MaxFrame);
        for (int start = log.Length - AuditFormat.FrameOverhead; start >= least; start--)
        {
            if (ReadInt32LittleEndian(log[start..]) == log.Length - start && ReadUInt64LittleEndian(log[(start + 8)..]) == _before.Sequence && TryRead(log, start, out kind, out int length))
            {
                body = _body.AsSpan(0, length);
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_window);
        ArrayPool<byte>.Shared.Return(_body, clearArray: true);
    }

    private bool TryRead(ReadOnlySpan<byte> log, int start, out AuditFrameKind kind, out int bodyLength)
    {
        kind = default;
        bodyLength = 0;
        bool first = _windowStart + start == 0;
        if (first != (_before.Sequence == 1) || (!first && start < ChainSize))
        {
            return false;
        }

        ChainValue before = default;
        if (!first)
        {
            log.Slice(start - ChainSize, ChainSize).CopyTo(before);
        }

        ChainValue chain = before;
        if (AuditFormat.TryReadFrame(log[start..], _before.Sequence, _place.Keys.Audit, _place.Keys.VaultId, _place.Keys.SigningPoint.Span, ref chain, _body.AsSpan(0, AuditFormat.MaxBody), out kind, out _, out bodyLength) != FormatStatus.Ok)
        {
            return false;
        }

        _before.Sequence--;
        _before.LogLength = _windowStart + start;
        _before.Chain = before;
        return true;
    }

    /// <summary>Makes the window hold a whole frame that ends where the last one began, and the chain value before it.</summary>
    private bool Fill()
    {
        long from = Math.Max(0, _before.LogLength - MaxFrame - ChainSize);
        if (from >= _windowStart && _before.LogLength <= _windowStart + _windowLength)
        {
            return true;
        }

        _windowStart = Math.Max(0, _before.LogLength - WindowSize);
        int size = (int)(_before.LogLength - _windowStart);
        bool read = _place.Store.ReadAt(_place.Log, _window.AsSpan(0, size), _windowStart, out _windowLength) == VaultStatus.Ok;
        return read && _windowLength == size;
    }
}

using System;
using System.Buffers;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Vaults.Audit;

/// <summary>Walks the frames of a log one after another, checking chain, sequence, seal and signatures.</summary>
/// <remarks>One thread. Its buffers are pooled and wiped on dispose.</remarks>
internal sealed class AuditCursor : IDisposable
{
    private const int MaxFrame = AuditFormat.MaxBody + AuditFormat.FrameOverhead;
    private const int WindowSize = 4 * MaxFrame;
    private readonly AuditPlace _place;
    private readonly long _end;
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(WindowSize);
    private readonly byte[] _body = ArrayPool<byte>.Shared.Rent(AuditFormat.MaxBody);
    private long _windowStart;
    private int _windowLength;
    private ChainValue _chain;

    /// <param name="from">The frame to stand after; default = the beginning.</param>
    /// <param name="end">Stored length to read up to.</param>
    public AuditCursor(AuditPlace place, in AuditHead from, long end)
    {
        _place = place;
        _end = end;
        _chain = from.Chain;
        Sequence = from.Sequence;
        Position = from.LogLength;
        _windowStart = Position;
    }

    /// <summary>Sequence of the last good frame.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Offset after the last good frame.</summary>
    public long Position { get; private set; }

    /// <summary>Chain value after the last good frame.</summary>
    public ref readonly ChainValue Chain => ref _chain;

    /// <summary>Offset at which the last good frame begins.</summary>
    public long FrameStart { get; private set; }
    public bool AtEnd => Position >= _end;

    /// <summary>The store's answer when it failed; Ok when a false of TryNext is about the bytes or the end.</summary>
    public VaultStatus StoreStatus { get; private set; }

    /// <summary>Reads the next frame. False at the end, at the first frame that is not what it must be, or when the store failed.</summary>
    /// <param name="body">The record's JSON, or the checkpoint's signature; valid until the next call.</param>
    public bool TryNext(out AuditFrameKind kind, out ReadOnlySpan<byte> body)
    {
        kind = default;
        body = default;
        if (AtEnd || !Fill())
        {
            return false;
        }

        ReadOnlySpan<byte> log = _window.AsSpan((int)(Position - _windowStart), (int)(_windowStart + _windowLength - Position));
        ChainValue chain = _chain;
        FormatStatus status = AuditFormat.TryReadFrame(log, Sequence + 1, _place.Keys.Audit, _place.Keys.VaultId, _place.Keys.SigningPoint.Span, ref chain, _body.AsSpan(0, AuditFormat.MaxBody), out kind, out int frameLength, out int bodyLength);
        if (status != FormatStatus.Ok)
        {
            return false;
        }

        FrameStart = Position;
        Position += frameLength;
        Sequence++;
        _chain = chain;
        body = _body.AsSpan(0, bodyLength);
        return true;
    }

    /// <summary>A head that stands where the cursor stands.</summary>
    public AuditHead ToHead(in AuditHead others) => new()
    {
        Sequence = Sequence,
        LogLength = Position,
        Chain = _chain,
        PolicyVersion = others.PolicyVersion,
        Session = others.Session,
        LabelsVersion = others.LabelsVersion,
    };

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_window);
        ArrayPool<byte>.Shared.Return(_body, clearArray: true);
    }

    /// <summary>Makes the window hold a whole frame from Position on, or all that is left.</summary>
    private bool Fill()
    {
        long want = Math.Min(MaxFrame, _end - Position);
        if (_windowStart + _windowLength - Position >= want)
        {
            return true;
        }

        int size = (int)Math.Min(WindowSize, _end - Position);
        StoreStatus = _place.Store.ReadAt(_place.Log, _window.AsSpan(0, size), Position, out _windowLength);
        _windowStart = Position;
        return StoreStatus == VaultStatus.Ok && _windowLength > 0;
    }
}

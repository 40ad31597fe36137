using System;
using System.Threading;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Seals whole blocks and stores them in place: the caller stores long stretches of what is sealed while helpers seal the rest.</summary>
/// <remarks>
/// Long stretches, because a store's file system takes one write of half a MiB in far less time than many short ones (bench/README.md); in order, so that what a failure leaves is a
/// beginning. Under the file's exclusive lock, which the caller's thread holds for its helpers. One for each thread that writes.
/// </remarks>
internal sealed unsafe class SharedStoring : SharedRun
{
    /// <summary>Plain bytes of the longest run.</summary>
    internal const int Most = 1 << 20;

    private const int StretchPieces = Most / 2 / PieceSize;

    [ThreadStatic]
    private static SharedStoring? _mine;

    private readonly bool[] _sealed = new bool[Most / PieceSize];
    private FileBody? _body;
    private byte[]? _cipher;
    private byte* _plain;
    private long _block;
    private int _count;
    private int _ready; // pieces, from the first on, that are sealed
    private int _stored; // blocks that the store has taken
    private VaultStatus _status;
    private long _arrived;

    internal static SharedStoring Mine => _mine ??= new SharedStoring();

    private int PieceBlocks => PieceSize >> _body!.Shift;

    /// <summary>Stores plain as the blocks from block on, which are this many whole ones. stored: bytes of the store that arrived.</summary>
    /// <returns>What the store says of the first stretch that it refuses; none is stored after it.</returns>
    internal VaultStatus Write(FileBody body, long block, ReadOnlySpan<byte> plain, out long stored)
    {
        (_body, _block, _count) = (body, block, plain.Length >> body.Shift);
        (_ready, _stored, _status, _arrived) = (0, 0, VaultStatus.Ok, 0);
        Array.Clear(_sealed);
        byte[] cipher = body.Context.Buffers.Rent(_count * body.SealedSize);
        try
        {
            fixed (byte* from = plain)
            {
                _plain = from;
                _cipher = cipher;
                Share(_count, PieceBlocks);
            }
        }
        finally
        {
            _plain = null;
            (_body, _cipher) = (null, null);
            body.Context.Buffers.Return(cipher);
        }

        stored = _arrived;
        return _status;
    }

    /// <inheritdoc/>
    protected override void Work(int piece, int first, int stop)
    {
        FileBody body = _body!;
        Span<byte> cipher = _cipher.AsSpan(first * body.SealedSize);
        for (int index = first; index < stop; index++)
        {
            var plain = new ReadOnlySpan<byte>(_plain + ((long)index << body.Shift), body.BlockSize);
            body.Codec.SealBlock(_block + index, plain, cipher[..body.SealedSize]);
            cipher = cipher[body.SealedSize..];
        }

        Volatile.Write(ref _sealed[piece], true);
    }

    /// <inheritdoc/>
    protected override void Follow(bool all)
    {
        while (_ready < _sealed.Length && Volatile.Read(ref _sealed[_ready]))
        {
            _ready++;
        }

        int blocks = Math.Min(_ready * PieceBlocks, _count) - _stored;
        if (_status == VaultStatus.Ok && blocks >= (all ? 1 : StretchPieces * PieceBlocks))
        {
            FileBody body = _body!;
            ReadOnlySpan<byte> stretch = _cipher.AsSpan(_stored * body.SealedSize, blocks * body.SealedSize);
            _status = body.StoreBlocks(stretch, _block + _stored, out int written);
            (_stored, _arrived) = (_stored + blocks, _arrived + written);
        }
    }
}

using System;

namespace SecureVault.FileSystem.Content;

/// <summary>Seals whole blocks and stores them in place: while one piece is stored, others are sealed. Stored in order, so that what a failure leaves is a beginning.</summary>
/// <remarks>Under the file's exclusive lock, which the caller's thread holds for its helpers. One for each thread that writes.</remarks>
internal sealed unsafe class SharedStoring : SharedRun
{
    [ThreadStatic]
    private static SharedStoring? _mine;

    private FileBody? _body;
    private long _block;
    private byte* _plain;
    private int _turn;
    private VaultStatus _status;
    private long _stored;

    internal static SharedStoring Mine => _mine ??= new SharedStoring();

    /// <summary>Stores plain as the blocks from block on, which are this many whole ones. stored: bytes of the store that arrived.</summary>
    /// <returns>What the store says of the first piece that it refuses; none is stored after it.</returns>
    internal VaultStatus Write(FileBody body, long block, ReadOnlySpan<byte> plain, out long stored)
    {
        fixed (byte* from = plain)
        {
            (_body, _block) = (body, block);
            _plain = from;
            (_turn, _status, _stored) = (0, VaultStatus.Ok, 0);
            Share(plain.Length >> body.Shift, PieceSize >> body.Shift);
        }

        stored = _stored;
        _body = null;
        _plain = null;
        return _status;
    }

    /// <inheritdoc/>
    protected override void Work(int piece, int first, int stop)
    {
        FileBody body = _body!;
        int size = (stop - first) * body.SealedSize;
        byte[] buffer = body.Context.Buffers.Rent(size);
        bool complete = false;
        try
        {
            Seal(body, first, stop, buffer);
            Await(ref _turn, piece);
            Store(body, _block + first, buffer.AsSpan(0, size));
            complete = true;
        }
        finally
        {
            Await(ref _turn, piece);
            _status = complete ? _status : VaultStatus.InputOutput;
            Advance(ref _turn);
            body.Context.Buffers.Return(buffer);
        }
    }

    private void Seal(FileBody body, int first, int stop, Span<byte> cipher)
    {
        for (int index = first; index < stop; index++)
        {
            var plain = new ReadOnlySpan<byte>(_plain + ((long)index << body.Shift), body.BlockSize);
            body.Codec.SealBlock(_block + index, plain, cipher[..body.SealedSize]);
            cipher = cipher[body.SealedSize..];
        }
    }

    private void Store(FileBody body, long block, ReadOnlySpan<byte> cipher)
    {
        if (_status == VaultStatus.Ok)
        {
            _status = body.Store.WriteAt(body.File, cipher, body.BlockOffset(block), out int written);
            _stored += written;
        }
    }
}

using System;

namespace SecureVault.Content;

/// <summary>The plaintext of a file's partial last block, kept so that appending does not read it back; wiped when forgotten.</summary>
/// <remarks>Under the file's exclusive lock.</remarks>
internal sealed class TailBlock(BufferPool buffers)
{
    private byte[]? _plain;
    private int _length;
    private long _index = -1;

    /// <summary>The kept plaintext of the block, or empty.</summary>
    internal ReadOnlySpan<byte> Find(long blockIndex) => blockIndex == _index ? _plain.AsSpan(0, _length) : default;

    internal void Keep(long blockIndex, ReadOnlySpan<byte> plain)
    {
        _plain ??= buffers.Rent(plain.Length);
        if (plain.Length < _length)
        {
            _plain.AsSpan(plain.Length, _length - plain.Length).Clear();
        }

        plain.CopyTo(_plain);
        _length = plain.Length;
        _index = blockIndex;
    }

    internal void Forget()
    {
        if (_plain is not null)
        {
            buffers.ReturnPlain(_plain, _length);
            _plain = null;
        }

        _index = -1;
        _length = 0;
    }
}

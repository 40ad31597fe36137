using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

/// <summary>Builds one reply in a caller's buffer: the header is filled last, the body directly behind it.</summary>
internal ref struct ReplyWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    /// <param name="buffer">At least a header; what a body needs beyond is refused by the writer, not by a throw.</param>
    public ReplyWriter(Span<byte> buffer)
    {
        _buffer = buffer;
        _length = fuse_out_header.Size;
    }

    /// <summary>What is to be run when the reply was sent; null = nothing.</summary>
    public Action? Afterwards { get; set; }

    /// <summary>Room for more body bytes. What is put here counts after Advance.</summary>
    public readonly Span<byte> Free => _buffer[_length..];

    /// <summary>Bytes of body so far.</summary>
    public readonly int BodyLength => _length - fuse_out_header.Size;

    /// <summary>Counts bytes put into Free.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _length));
        _length += count;
    }

    /// <summary>Appends one struct; the buffer has room for any fixed reply.</summary>
    public void Write<T>(in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(Free, in value);
        _length += Unsafe.SizeOf<T>();
    }

    /// <summary>Ends the reply. An error has no body.</summary>
    /// <param name="errno">0, or a positive errno below 512.</param>
    /// <returns>Bytes of the whole reply.</returns>
    public int Finish(ulong unique, int errno)
    {
        if (errno != 0)
        {
            _length = fuse_out_header.Size;
        }

        var header = new fuse_out_header { len = (uint)_length, error = -errno, unique = unique };
        MemoryMarshal.Write(_buffer, in header);
        return _length;
    }
}

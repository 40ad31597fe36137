using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

/// <summary>A bounds-checked cursor over one request. Whatever the bytes are, it answers false and never throws.</summary>
internal ref struct RequestReader
{
    public readonly fuse_in_header Header;
    private ReadOnlySpan<byte> _rest;

    private RequestReader(fuse_in_header header, ReadOnlySpan<byte> body)
    {
        Header = header;
        _rest = body;
    }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Reads the header. False when the bytes are no whole request; unique is then what can be told of it, else 0.</summary>
    /// <param name="request">Exactly what one read of the device gave.</param>
    public static bool TryParse(ReadOnlySpan<byte> request, out RequestReader reader, out fuse_in_header header)
    {
        reader = default;
        header = default;
        if (!MemoryMarshal.TryRead(request, out header))
        {
            return false;
        }

        int extensions = header.total_extlen * 8;
        if (header.len != (uint)request.Length || extensions > request.Length - fuse_in_header.Size)
        {
            return false;
        }

        reader = new RequestReader(header, request[fuse_in_header.Size..^extensions]);
        return true;
    }

    /// <summary>Takes one struct.</summary>
    public bool TryRead<T>(out T value)
        where T : unmanaged
    {
        if (!MemoryMarshal.TryRead(_rest, out value))
        {
            return false;
        }

        _rest = _rest[Unsafe.SizeOf<T>()..];
        return true;
    }

    /// <summary>Takes bytes up to a NUL, and the NUL. False when there is none.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> text)
    {
        int length = _rest.IndexOf((byte)0);
        if (length < 0)
        {
            text = default;
            return false;
        }

        text = _rest[..length];
        _rest = _rest[(length + 1)..];
        return true;
    }

    /// <summary>Takes count bytes as they lie in the request.</summary>
    public bool TryReadBytes(uint count, out ReadOnlySpan<byte> bytes)
    {
        if (count > (uint)_rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return true;
    }
}

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using SecureVault.Fuse.Wire;

namespace SecureVault.Bench;

/// <summary>The kernel's requests as bytes: taken apart with every bound checked, and answered.</summary>
public class RequestBench
{
    private const int LongWrite = 1 << 20;
    private readonly byte[] _lookup = Request(fuse_opcode.FUSE_LOOKUP, "quarterly-report.xlsx\0"u8);
    private readonly byte[] _read = Request(fuse_opcode.FUSE_READ, Bytes(new fuse_read_in { fh = 7, offset = 4096, size = 4096 }));
    private readonly byte[] _write = Request(fuse_opcode.FUSE_WRITE, [.. Bytes(new fuse_write_in { fh = 7, size = LongWrite }), .. new byte[LongWrite]]);
    private readonly byte[] _cut;
    private readonly byte[] _reply = new byte[4096];

    public RequestBench() => _cut = _lookup[..^1];

    [Benchmark(Baseline = true)]
    public ulong ParseLookup() =>
        RequestReader.TryParse(_lookup, out RequestReader reader, out fuse_in_header header) && reader.TryReadString(out ReadOnlySpan<byte> name)
            ? header.nodeid + (ulong)name.Length : 0;

    [Benchmark]
    public ulong ParseRead() =>
        RequestReader.TryParse(_read, out RequestReader reader, out fuse_in_header header) && reader.TryRead(out fuse_read_in input)
            ? header.nodeid + input.offset + input.size : 0;

    /// <summary>A MiB to be written, which is not copied.</summary>
    [Benchmark]
    public ulong ParseWrite() =>
        RequestReader.TryParse(_write, out RequestReader reader, out fuse_in_header header) && reader.TryRead(out fuse_write_in input)
        && reader.TryReadBytes(input.size, out ReadOnlySpan<byte> plain) ? header.nodeid + input.offset + (ulong)plain.Length : 0;

    /// <summary>A request that is shorter than it says.</summary>
    [Benchmark]
    public bool RefuseCut() => RequestReader.TryParse(_cut, out _, out _);

    [Benchmark]
    public int AnswerEntry()
    {
        var reply = new ReplyWriter(_reply);
        reply.Write(new fuse_entry_out { nodeid = 5, attr = new fuse_attr { ino = 5, size = 1000, mode = 0x81a4, nlink = 1 } });
        return reply.Finish(9, 0);
    }

    private static byte[] Request(fuse_opcode opcode, ReadOnlySpan<byte> body)
    {
        var header = new fuse_in_header { len = (uint)(fuse_in_header.Size + body.Length), opcode = (uint)opcode, unique = 9, nodeid = 5, uid = 1000 };
        return [.. Bytes(header), .. body];
    }

    private static byte[] Bytes<T>(in T value)
        where T : unmanaged
    {
        byte[] bytes = new byte[Unsafe.SizeOf<T>()];
        MemoryMarshal.Write(bytes, in value);
        return bytes;
    }
}

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using SecureVault.Fuse;
using SecureVault.Fuse.Operations;
using SecureVault.Fuse.Wire;

namespace SecureVault.Tests.Fuse;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordingLog : IFuseLog
{
    public List<string> Failed { get; } = [];

    public List<string> Troubles { get; } = [];

    public void OperationFailed(string operation, Exception exception) => Failed.Add(operation + ": " + exception.Message);

    public void Trouble(string message) => Troubles.Add(message);
}

/// <summary>The protocol without a kernel: request bytes in, reply bytes out.</summary>
internal sealed class Harness
{
    public const int MaxRequestBytes = 1 << 20;

    private readonly byte[] _reply;

    public Harness(FuseOptions? options = null, bool handshake = true, int replyBytes = MaxRequestBytes + 8192, uint offered2 = uint.MaxValue)
    {
        _reply = new byte[replyBytes];
        State = new DriveState(Drive, options ?? new FuseOptions(), Log, Clock);
        Dispatcher = new RequestDispatcher(State);
        if (handshake)
        {
            Process(Request(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(45), .. U32(1 << 17), .. U32(uint.MaxValue), .. U32(offered2), .. new byte[44]]));
        }
    }

    public MemoryDrive Drive { get; } = new();

    public RecordingLog Log { get; } = new();

    public FakeClock Clock { get; } = new();

    public DriveState State { get; }

    public RequestDispatcher Dispatcher { get; }

    /// <summary>Processes one request and answers the reply's bytes; none = no reply.</summary>
    public byte[] Process(byte[] request)
    {
        byte[] reply = _reply[..Dispatcher.Process(request, _reply, out Action? afterwards)];
        if (afterwards is not null)
        {
            Dispatcher.Afterwards(afterwards);
        }

        return reply;
    }

    /// <summary>Processes one request that must succeed and answers the reply's body.</summary>
    public byte[] Body(fuse_opcode opcode, ulong node, params byte[] body)
    {
        byte[] reply = Process(Request(opcode, node, body));
        Xunit.Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(reply.AsSpan(4)));
        return reply[16..];
    }

    /// <summary>Processes one request and answers its errno.</summary>
    public int Errno(fuse_opcode opcode, ulong node, params byte[] body) => -BinaryPrimitives.ReadInt32LittleEndian(Process(Request(opcode, node, body)).AsSpan(4));

    /// <summary>Makes a file in the root and opens it for reading and writing.</summary>
    public (ulong Node, ulong Handle) CreateFile(string name, uint flags = 2)
    {
        byte[] body = Body(fuse_opcode.FUSE_CREATE, 1, [.. U32(flags), .. U32(0x81A4), .. U32(0), .. U32(0), .. Name(name)]);
        return (BinaryPrimitives.ReadUInt64LittleEndian(body), BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(128)));
    }

    public static byte[] Request(fuse_opcode opcode, ulong node, params byte[] body) =>
    [
        .. U32((uint)(40 + body.Length)), .. U32((uint)opcode), .. U64(0x1122334455667788), .. U64(node),
        .. U32(1000), .. U32(100), .. U32(4321), 0, 0, 0, 0, .. body,
    ];

    /// <summary>Where the records of a READDIR or READDIRPLUS body begin.</summary>
    public static IEnumerable<int> Records(byte[] body, bool plus)
    {
        for (int at = 0; at < body.Length;)
        {
            yield return at;
            int dirent = at + (plus ? 128 : 0);
            at = (dirent + 24 + BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(dirent + 16)) + 7) / 8 * 8;
        }
    }

    /// <summary>A request's body for READ and WRITE's fixed part.</summary>
    public static byte[] Io(ulong handle, ulong offset, uint size, uint flags = 0) =>
        [.. U64(handle), .. U64(offset), .. U32(size), .. U32(flags), .. new byte[16]];

    public static byte[] U32(uint value) => BitConverter.GetBytes(value);

    public static byte[] U64(ulong value) => BitConverter.GetBytes(value);

    public static byte[] Name(string name) => Encoding.Latin1.GetBytes(name + "\0");

    /// <summary>Bytes as text: pairs of hex digits or 'text', a line each, a remark behind //.</summary>
    public static byte[] Bytes(string annotated)
    {
        var bytes = new List<byte>();
        foreach (string line in annotated.Split('\n'))
        {
            string code = line.Split("//")[0].Trim();
            if (code.StartsWith('\''))
            {
                int end = code.LastIndexOf('\'');
                bytes.AddRange(Encoding.Latin1.GetBytes(code[1..end]));
                code = code[(end + 1)..].Trim();
            }

            foreach (string pair in code.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                bytes.Add(byte.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }

        return [.. bytes];
    }
}

using System;
using System.Buffers.Binary;
using SecureVault.Fuse;
using SecureVault.Fuse.Operations;
using SecureVault.Fuse.Wire;
using SecureVault.Tests.FileSystem.Namespace;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

/// <summary>A request from its bytes to the stored file and back, through protocol, gate and engine, allocates nothing.</summary>
public sealed class RequestAllocationTests : IDisposable
{
    private readonly TestDrive _drive = new();
    private readonly RequestDispatcher _dispatcher;
    private readonly byte[] _reply = new byte[MaxRequestBytes + 8192];
    private readonly ulong _node;
    private readonly ulong _handle;

    public RequestAllocationTests()
    {
        _dispatcher = new RequestDispatcher(new DriveState(new VaultDrive(_drive.Files), new FuseOptions(), new RecordingLog()));
        Ask(Mine(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(45), .. U32(1 << 17), .. U32(uint.MaxValue), .. U32(uint.MaxValue), .. new byte[44]]));
        Ask(Mine(fuse_opcode.FUSE_CREATE, 1, [.. U32(2), .. U32(0x81A4), .. U32(0), .. U32(0), .. Name("f")]));
        _node = BinaryPrimitives.ReadUInt64LittleEndian(_reply.AsSpan(16));
        _handle = BinaryPrimitives.ReadUInt64LittleEndian(_reply.AsSpan(16 + 128));
        Ask(Mine(fuse_opcode.FUSE_WRITE, _node, [.. Io(_handle, 0, 10_000), .. new byte[10_000]]));
    }

    public void Dispose()
    {
        Ask(Mine(fuse_opcode.FUSE_RELEASE, _node, [.. U64(_handle), .. new byte[16]]));
        _drive.Dispose();
    }

    [Fact]
    public void Read_allocates_nothing() => Hold("fuse.read", Mine(fuse_opcode.FUSE_READ, _node, Io(_handle, 4096, 4096)));

    [Fact]
    public void Write_allocates_nothing() => Hold("fuse.write", Mine(fuse_opcode.FUSE_WRITE, _node, [.. Io(_handle, 4096, 4096), .. new byte[4096]]));

    [Fact]
    public void Getattr_allocates_nothing() => Hold("fuse.getattr", Mine(fuse_opcode.FUSE_GETATTR, _node, new byte[16]));

    [Fact]
    public void Lookup_of_a_known_name_allocates_nothing() => Hold("fuse.lookup", Mine(fuse_opcode.FUSE_LOOKUP, 1, Name("f")));

    [Fact]
    public void Lookup_of_a_missing_name_allocates_nothing() => // answered by an entry of no node
        Hold("fuse.lookup-missing", Mine(fuse_opcode.FUSE_LOOKUP, 1, Name("none")));

    private void Hold(string operation, byte[] request) => Allocations.Hold(operation, () => Ask(request));

    private void Ask(byte[] request)
    {
        Assert.True(_dispatcher.Process(request, _reply, out _) >= 16, "There is no answer.");
        Assert.True(BinaryPrimitives.ReadInt32LittleEndian(_reply.AsSpan(4)) == 0, "The answer is an error.");
    }

    /// <summary>A request of the user that the tests run as.</summary>
    private byte[] Mine(fuse_opcode opcode, ulong node, byte[] body)
    {
        byte[] request = Request(opcode, node, body);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(24), _drive.Me.Uid);
        return request;
    }
}

using System.Collections.Generic;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

/// <summary>Writes that lie in the kernel's pages before they are asked for, while nobody may find them there.</summary>
public sealed class CachedWriteTests
{
    private const int EIO = 5, EACCES = 13;
    private readonly Harness _harness = new();
    private readonly List<NodeId> _dropped = [];

    public CachedWriteTests() => _harness.State.DropPages = _dropped.Add;

    [Theory]
    [InlineData(VaultStatus.InputOutput, EIO)]
    [InlineData(VaultStatus.Denied, EACCES)]
    public void They_are_refused_and_the_pages_dropped(VaultStatus status, int errno)
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        _harness.Body(fuse_opcode.FUSE_WRITE, node, [.. Io(handle, 0, 3), .. "old"u8]);
        Assert.Empty(_dropped);
        _harness.Drive.WritingByCache = status;
        Assert.Equal(errno, _harness.Errno(fuse_opcode.FUSE_WRITE, node, [.. Io(handle, 0, 3), .. "new"u8]));
        Assert.Equal([new NodeId(node)], _dropped);
        Assert.Equal("old"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_READ, node, Io(handle, 0, 3)));
    }

    [Fact]
    public void Pages_that_are_written_back_and_writes_past_the_pages_go_on()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        ulong direct = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(_harness.Body(fuse_opcode.FUSE_OPEN, node, [.. U32(1), .. U32(0)]));
        _harness.Drive.WritingByCache = VaultStatus.InputOutput;
        byte[] mapped = Io(handle, 0, 4);
        mapped[20] = (byte)fuse_write_in.FUSE_WRITE_CACHE;
        _harness.Body(fuse_opcode.FUSE_WRITE, node, [.. mapped, .. "page"u8]);
        _harness.Body(fuse_opcode.FUSE_WRITE, node, [.. Io(direct, 4, 4), .. "past"u8]);
        Assert.Equal("pagepast"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_READ, node, Io(handle, 0, 8)));
        Assert.Empty(_dropped);
    }
}

using System;
using SecureVault.Fuse.Wire;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

public sealed class DispatcherTests
{
    private readonly Harness _harness = new();

    [Fact]
    public void A_handler_that_throws_answers_EIO_is_logged_and_the_next_request_works()
    {
        _harness.Drive.Before = _ => throw new InvalidOperationException("boom");
        byte[] reply = _harness.Process(Request(fuse_opcode.FUSE_GETATTR, 1, new byte[16]));
        Assert.Equal([.. U32(16), .. U32(unchecked((uint)-5)), .. U64(0x1122334455667788)], reply);
        Assert.Equal(["GETATTR: boom"], _harness.Log.Failed);

        _harness.Drive.Before = null;
        Assert.Equal(104, _harness.Body(fuse_opcode.FUSE_GETATTR, 1, new byte[16]).Length);
    }

    [Fact]
    public void A_handler_that_throws_where_no_answer_is_due_stays_silent()
    {
        _harness.Drive.Before = _ => throw new InvalidOperationException("boom");
        Assert.Empty(_harness.Process(Request(fuse_opcode.FUSE_FORGET, 1, U64(1))));
        Assert.Equal(["FORGET: boom"], _harness.Log.Failed);
    }

    [Theory]
    [InlineData((uint)fuse_opcode.FUSE_ACCESS)]
    [InlineData((uint)fuse_opcode.FUSE_POLL)]
    [InlineData((uint)fuse_opcode.FUSE_GETLK)]
    [InlineData((uint)fuse_opcode.FUSE_SETLK)]
    [InlineData((uint)fuse_opcode.FUSE_SETLKW)]
    [InlineData((uint)fuse_opcode.FUSE_BMAP)]
    [InlineData((uint)fuse_opcode.FUSE_TMPFILE)]
    [InlineData((uint)fuse_opcode.FUSE_STATX)]
    [InlineData((uint)fuse_opcode.FUSE_SYNCFS)]
    [InlineData((uint)fuse_opcode.FUSE_SETUPMAPPING)]
    [InlineData((uint)fuse_opcode.FUSE_REMOVEMAPPING)]
    [InlineData(0u)]
    [InlineData(7u)]
    [InlineData(63u)]
    [InlineData(64u)]
    [InlineData(4096u)]
    [InlineData(uint.MaxValue)]
    public void An_opcode_not_implemented_is_ENOSYS(uint opcode) => Assert.Equal(38, _harness.Errno((fuse_opcode)opcode, 1, new byte[64]));

    [Fact]
    public void Ioctl_is_ENOTTY() => Assert.Equal(25, _harness.Errno(fuse_opcode.FUSE_IOCTL, 1, new byte[32]));

    [Theory]
    [InlineData((uint)fuse_opcode.FUSE_INTERRUPT)]
    [InlineData((uint)fuse_opcode.FUSE_NOTIFY_REPLY)]
    public void Some_requests_are_never_answered(uint opcode) => Assert.Empty(_harness.Process(Request((fuse_opcode)opcode, 0, new byte[8])));

    [Fact]
    public void Destroy_is_answered() => Assert.Empty(_harness.Body(fuse_opcode.FUSE_DESTROY, 0));

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(ulong.MaxValue)]
    public void The_reply_carries_the_requests_unique_whatever_it_is(ulong unique)
    {
        byte[] request = Request(fuse_opcode.FUSE_STATFS, 1);
        U64(unique).CopyTo(request, 8);
        Assert.Equal(U64(unique), _harness.Process(request)[8..16]);
    }
}

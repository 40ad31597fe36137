using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Fuse.Wire;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

/// <summary>Every opcode with a well-formed request, cut and bent in every way: answered with an error or not at all, never thrown at.</summary>
public sealed class MalformedRequestTests
{
    private const ulong Unique = 0x1122334455667788;

    private static readonly fuse_opcode[] Silent =
        [fuse_opcode.FUSE_FORGET, fuse_opcode.FUSE_BATCH_FORGET, fuse_opcode.FUSE_INTERRUPT, fuse_opcode.FUSE_NOTIFY_REPLY];

    /// <summary>A well-formed body for each opcode this room implements; handles are the ones the harness gives out.</summary>
    private static readonly Dictionary<fuse_opcode, byte[]> Bodies = new()
    {
        [fuse_opcode.FUSE_LOOKUP] = Name("file"),
        [fuse_opcode.FUSE_FORGET] = U64(1),
        [fuse_opcode.FUSE_GETATTR] = new byte[16],
        [fuse_opcode.FUSE_SETATTR] = [.. U64((ulong)fuse_setattr_valid.FATTR_MODE), .. new byte[80]],
        [fuse_opcode.FUSE_READLINK] = [],
        [fuse_opcode.FUSE_SYMLINK] = [.. Name("link"), .. Name("target")],
        [fuse_opcode.FUSE_MKNOD] = [.. U32(0x81A4), .. new byte[12], .. Name("node")],
        [fuse_opcode.FUSE_MKDIR] = [.. U64(0x1ED), .. Name("folder")],
        [fuse_opcode.FUSE_UNLINK] = Name("file"),
        [fuse_opcode.FUSE_RMDIR] = Name("folder"),
        [fuse_opcode.FUSE_RENAME] = [.. U64(1), .. Name("file"), .. Name("other")],
        [fuse_opcode.FUSE_RENAME2] = [.. U64(1), .. U64(1), .. Name("file"), .. Name("other")],
        [fuse_opcode.FUSE_LINK] = [.. U64(2), .. Name("hard")],
        [fuse_opcode.FUSE_OPEN] = U64(2),
        [fuse_opcode.FUSE_READ] = Io(0x10_0000, 0, 100),
        [fuse_opcode.FUSE_WRITE] = [.. Io(0x10_0000, 0, 5), .. "hello"u8],
        [fuse_opcode.FUSE_STATFS] = [],
        [fuse_opcode.FUSE_RELEASE] = [.. U64(0x10_0000), .. new byte[16]],
        [fuse_opcode.FUSE_FSYNC] = [.. U64(0x10_0000), .. U64(0)],
        [fuse_opcode.FUSE_SETXATTR] = [.. U32(3), .. U32(0), .. U64(0), .. Name("user.x"), .. "abc"u8],
        [fuse_opcode.FUSE_GETXATTR] = [.. U64(10), .. Name("user.x")],
        [fuse_opcode.FUSE_LISTXATTR] = U64(100),
        [fuse_opcode.FUSE_REMOVEXATTR] = Name("user.x"),
        [fuse_opcode.FUSE_FLUSH] = [.. U64(0x10_0000), .. new byte[16]],
        [fuse_opcode.FUSE_OPENDIR] = new byte[8],
        [fuse_opcode.FUSE_READDIR] = Io(0x10_0000, 0, 4096),
        [fuse_opcode.FUSE_RELEASEDIR] = [.. U64(0x10_0000), .. new byte[16]],
        [fuse_opcode.FUSE_FSYNCDIR] = [.. U64(0x10_0000), .. U64(0)],
        [fuse_opcode.FUSE_CREATE] = [.. U64(0x81A4_0000_0002), .. U64(0), .. Name("new")],
        [fuse_opcode.FUSE_INTERRUPT] = U64(7),
        [fuse_opcode.FUSE_DESTROY] = [],
        [fuse_opcode.FUSE_IOCTL] = new byte[32],
        [fuse_opcode.FUSE_NOTIFY_REPLY] = new byte[40],
        [fuse_opcode.FUSE_BATCH_FORGET] = [.. U32(1), .. U32(0), .. U64(2), .. U64(1)],
        [fuse_opcode.FUSE_FALLOCATE] = [.. U64(0x10_0000), .. U64(0), .. U64(10), .. U64(0)],
        [fuse_opcode.FUSE_READDIRPLUS] = Io(0x10_0000, 0, 4096),
        [fuse_opcode.FUSE_LSEEK] = [.. U64(0x10_0000), .. U64(0), .. U64(3)],
        [fuse_opcode.FUSE_COPY_FILE_RANGE] = [.. U64(0x10_0000), .. U64(0), .. U64(2), .. U64(0x10_0000), .. U64(5), .. U64(5), .. U64(0)],
        [fuse_opcode.FUSE_COPY_FILE_RANGE_64] = [.. U64(0x10_0000), .. U64(0), .. U64(2), .. U64(0x10_0000), .. U64(5), .. U64(5), .. U64(0)],
    };

    public static IEnumerable<object[]> Opcodes() => Bodies.Keys.Select(o => new object[] { (uint)o });

    private static Harness NewHarness()
    {
        var harness = new Harness(replyBytes: 16384);
        harness.CreateFile("file");
        harness.Body(fuse_opcode.FUSE_OPENDIR, 1, new byte[8]);
        return harness;
    }

    private static byte[] Request(fuse_opcode opcode)
        => Harness.Request(opcode, opcode is fuse_opcode.FUSE_READ or fuse_opcode.FUSE_WRITE ? 2u : 1u, Bodies[opcode]);

    private static void AssertRefusedOrSilent(byte[] reply, bool silent)
    {
        if (reply.Length == 0)
        {
            Assert.True(silent, "The caller would wait for ever.");
            return;
        }

        Assert.False(silent && reply.Length > 0, "The kernel does not wait for this reply.");
        Assert.Equal(16, reply.Length);
        Assert.Equal(16, BinaryPrimitives.ReadInt32LittleEndian(reply));
        Assert.InRange(BinaryPrimitives.ReadInt32LittleEndian(reply.AsSpan(4)), -511, -1);
        Assert.Equal(Unique, BinaryPrimitives.ReadUInt64LittleEndian(reply.AsSpan(8)));
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void The_whole_request_is_answered(uint opcode)
    {
        Harness harness = NewHarness();
        byte[] reply = harness.Process(Request((fuse_opcode)opcode));
        Assert.Equal(Silent.Contains((fuse_opcode)opcode), reply.Length == 0);
        Assert.Empty(harness.Log.Failed);
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_request_cut_at_any_length_is_refused(uint opcode)
    {
        byte[] request = Request((fuse_opcode)opcode);
        bool silent = Silent.Contains((fuse_opcode)opcode);
        for (int length = 0; length < request.Length; length++)
        {
            Harness harness = NewHarness();

            // Below 40 bytes there is no header and nobody to answer; from there on the header tells the full length.
            AssertRefusedOrSilent(harness.Process(request[..length]), silent || length < 40);
            Assert.Empty(harness.Log.Failed);
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_request_whose_body_is_cut_at_any_length_is_refused(uint opcode)
    {
        byte[] whole = Request((fuse_opcode)opcode);
        bool silent = Silent.Contains((fuse_opcode)opcode);
        bool anyBody = opcode is (uint)fuse_opcode.FUSE_IOCTL;
        for (int length = 40; length < whole.Length; length++)
        {
            Harness harness = NewHarness();
            byte[] request = whole[..length];
            U32((uint)length).CopyTo(request, 0);
            AssertRefusedOrSilent(harness.Process(request), silent);
            Assert.Empty(harness.Log.Failed);
            Assert.True(anyBody || silent || harness.Drive.OpenCount == 2, "Something was opened or released by half a request.");
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_request_with_bent_bytes_never_throws_and_is_answered_once(uint opcode)
    {
        byte[] whole = Request((fuse_opcode)opcode);
        bool silent = Silent.Contains((fuse_opcode)opcode);
        for (int at = 16; at < whole.Length; at++)
        {
            foreach (byte bend in new byte[] { 0x00, 0x01, 0x7F, 0x80, 0xFF })
            {
                Harness harness = NewHarness();
                byte[] request = [.. whole];
                request[at] = bend;
                byte[] reply = harness.Process(request);
                Assert.Equal(silent, reply.Length == 0);
                Assert.Equal(reply.Length, silent ? 0 : BinaryPrimitives.ReadInt32LittleEndian(reply));
                Assert.Empty(harness.Log.Failed);
            }
        }
    }
}

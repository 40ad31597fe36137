using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Fuse;
using SecureVault.Fuse.Wire;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

/// <summary>Requests about nodes and names, as bytes.</summary>
public sealed class NodeProtocolTests
{
    private readonly Harness _harness = new();
    private readonly List<string> _calls = [];

    public NodeProtocolTests() => _harness.Drive.Before = _calls.Add;

    private static byte[] Attributes(byte inode, byte size, string mode, byte links = 1) =>
    [
        .. U64(inode), .. U64(size), .. U64((ulong)(size + 511) / 512), .. U64(1), .. U64(3), .. U64(3), .. U32(2), .. U32(4), .. U32(4),
        .. U32(Convert.ToUInt32(mode, 8)), .. U32(links), .. U32(1000), .. U32(100), .. U32(0), .. U32(4096), .. U32(0),
    ];

    private static byte[] Entry(byte inode, byte size, string mode, byte links = 1) =>
        [.. U64(inode), .. U64(0), .. U64(60), .. U64(60), .. U32(0), .. U32(0), .. Attributes(inode, size, mode, links)];

    [Fact]
    public void Lookup_answers_the_entry_byte_for_byte()
    {
        _harness.CreateFile("hello");
        byte[] reply = _harness.Process(Bytes("""
            2e 00 00 00              // len 46
            01 00 00 00              // FUSE_LOOKUP
            09 00 00 00 00 00 00 00  // unique
            01 00 00 00 00 00 00 00  // nodeid: the root
            e8 03 00 00 64 00 00 00  // uid 1000, gid 100
            e1 10 00 00 00 00 00 00  // pid 4321, no extensions
            'hello' 00               // name
            """));
        Assert.Equal(
            Bytes("""
            90 00 00 00              // len 144
            00 00 00 00              // no error
            09 00 00 00 00 00 00 00  // unique
            02 00 00 00 00 00 00 00  // nodeid
            00 00 00 00 00 00 00 00  // generation
            3c 00 00 00 00 00 00 00  // entry_valid 60 s
            3c 00 00 00 00 00 00 00  // attr_valid 60 s
            00 00 00 00 00 00 00 00  // and no nanoseconds
            02 00 00 00 00 00 00 00  // ino
            00 00 00 00 00 00 00 00  // size
            00 00 00 00 00 00 00 00  // blocks
            01 00 00 00 00 00 00 00  // atime
            03 00 00 00 00 00 00 00  // mtime
            03 00 00 00 00 00 00 00  // ctime
            02 00 00 00 04 00 00 00 04 00 00 00
            a4 81 00 00              // mode 0100644
            01 00 00 00              // nlink
            e8 03 00 00 64 00 00 00  // uid, gid
            00 00 00 00              // rdev
            00 10 00 00              // blksize
            00 00 00 00              // flags
            """),
            reply);
    }

    [Fact]
    public void A_name_that_does_not_exist_is_remembered_by_the_kernel_for_the_negative_timeout()
    {
        Assert.Equal([.. U64(0), .. U64(0), .. U64(5), .. new byte[104]], _harness.Body(fuse_opcode.FUSE_LOOKUP, 1, Name("none")));
        var without = new Harness(new FuseOptions { NegativeTimeout = TimeSpan.Zero });
        Assert.Equal(2, without.Errno(fuse_opcode.FUSE_LOOKUP, 1, Name("none")));
    }

    [Fact]
    public void Timeouts_carry_their_nanoseconds()
    {
        var harness = new Harness(new FuseOptions { AttributeTimeout = TimeSpan.FromMilliseconds(1500) });
        Assert.Equal([.. U64(1), .. U32(500_000_000)], harness.Body(fuse_opcode.FUSE_GETATTR, 1, new byte[16])[..12]);
    }

    [Theory]
    [InlineData("", 22)]
    [InlineData(".", 22)]
    [InlineData("..", 22)]
    [InlineData("a/b", 22)]
    public void Names_the_waist_does_not_take_never_reach_it(string name, int errno)
    {
        Assert.Equal(errno, _harness.Errno(fuse_opcode.FUSE_LOOKUP, 1, Name(name)));
        Assert.Equal(errno, _harness.Errno(fuse_opcode.FUSE_UNLINK, 1, Name(name)));
        Assert.Equal(errno, _harness.Errno(fuse_opcode.FUSE_MKDIR, 1, [.. U32(0), .. U32(0), .. Name(name)]));
        Assert.Empty(_calls);
    }

    [Fact]
    public void A_name_of_255_bytes_is_taken_and_one_of_256_is_too_long()
    {
        _harness.Body(fuse_opcode.FUSE_MKDIR, 1, [.. U32(0x1ED), .. U32(0), .. Name(new string('\u00ff', 255))]);
        Assert.Equal(36, _harness.Errno(fuse_opcode.FUSE_MKDIR, 1, [.. U32(0x1ED), .. U32(0), .. Name(new string('\u00ff', 256))]));
        Assert.Equal(36, _harness.Errno(fuse_opcode.FUSE_LOOKUP, 1, Name(new string('n', 256))));
    }

    [Fact]
    public void Getattr_answers_attributes_of_an_unknown_node_as_stale()
    {
        Assert.Equal(104, _harness.Body(fuse_opcode.FUSE_GETATTR, 1, new byte[16]).Length);
        Assert.Equal(116, _harness.Errno(fuse_opcode.FUSE_GETATTR, 99, new byte[16]));
    }

    [Fact]
    public void Setattr_changes_exactly_what_valid_says()
    {
        (ulong node, _) = _harness.CreateFile("f");
        byte[] body = _harness.Body(fuse_opcode.FUSE_SETATTR, node, Bytes("""
            19 00 00 00 00 00 00 00  // valid: MODE SIZE ATIME
            00 00 00 00 00 00 00 00  // fh, not valid
            05 00 00 00 00 00 00 00  // size
            00 00 00 00 00 00 00 00  // lock_owner
            ff ff ff ff ff ff ff ff  // atime: a second before 1970
            63 00 00 00 00 00 00 00  // mtime, not valid
            63 00 00 00 00 00 00 00  // ctime, not valid
            07 00 00 00              // atimensec
            63 00 00 00 63 00 00 00
            80 81 00 00              // mode 0100600
            00 00 00 00
            63 00 00 00 63 00 00 00  // uid, gid, not valid
            00 00 00 00
            """));
        byte[] attributes = Attributes(2, 5, "100600");
        U64(ulong.MaxValue).CopyTo(attributes, 24);
        U32(7).CopyTo(attributes, 48);
        Assert.Equal([.. U64(60), .. U64(0), .. attributes], body);
    }

    [Fact]
    public void Setattr_by_a_handle_that_is_none_is_EBADF_and_a_size_past_the_largest_EFBIG()
    {
        byte[] byHandle = new byte[88];
        U32((uint)fuse_setattr_valid.FATTR_FH).CopyTo(byHandle, 0);
        Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_SETATTR, 1, byHandle));
        byte[] tooLarge = new byte[88];
        U32((uint)fuse_setattr_valid.FATTR_SIZE).CopyTo(tooLarge, 0);
        U64(ulong.MaxValue).CopyTo(tooLarge, 16);
        Assert.Equal(27, _harness.Errno(fuse_opcode.FUSE_SETATTR, 1, tooLarge));
    }

    [Fact]
    public void Symlink_and_readlink_carry_the_target_without_a_NUL()
    {
        byte[] entry = Entry(2, 3, "120777");
        Assert.Equal(entry, _harness.Body(fuse_opcode.FUSE_SYMLINK, 1, [.. Name("link"), .. Name("a/b")]));
        Assert.Equal("a/b"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_READLINK, 2));
        Assert.Equal(36, _harness.Errno(fuse_opcode.FUSE_SYMLINK, 1, [.. Name("long"), .. Name(new string('t', 4096))]));
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_SYMLINK, 1, [.. Name("empty"), .. Name("")]));
    }

    [Theory]
    [InlineData("100644", "100644")]
    [InlineData("644", "100644")]
    [InlineData("10600", "10600")]
    [InlineData("140755", "140755")]
    [InlineData("20600", "20600")]
    [InlineData("60600", "60600")]
    public void Mknod_makes_the_kind_its_mode_says(string mode, string made)
    {
        byte[] expected = Entry(2, 0, made);
        U32(0x501).CopyTo(expected, 40 + 76);
        Assert.Equal(expected, _harness.Body(fuse_opcode.FUSE_MKNOD, 1, [.. U32(Convert.ToUInt32(mode, 8)), .. U32(0x501), .. U64(0), .. Name("n")]));
    }

    [Theory]
    [InlineData("40755")]
    [InlineData("120777")]
    [InlineData("170000")]
    public void Mknod_refuses_folders_links_and_unknown_types(string mode)
        => Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_MKNOD, 1, [.. U32(Convert.ToUInt32(mode, 8)), .. new byte[12], .. Name("n")]));

    [Fact]
    public void Mkdir_unlink_rmdir_and_link_do_what_they_say()
    {
        Assert.Equal(Entry(2, 0, "40750"), _harness.Body(fuse_opcode.FUSE_MKDIR, 1, [.. U32(0x1E8), .. U32(0), .. Name("d")]));
        _harness.CreateFile("f");
        Assert.Equal(Entry(3, 0, "100644", 2), _harness.Body(fuse_opcode.FUSE_LINK, 2, [.. U64(3), .. Name("hard")]));
        Assert.Equal(39, _harness.Errno(fuse_opcode.FUSE_RMDIR, 1, Name("d")));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_UNLINK, 2, Name("hard")));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_RMDIR, 1, Name("d")));
        Assert.Equal(2, _harness.Errno(fuse_opcode.FUSE_RMDIR, 1, Name("d")));
    }

    [Theory]
    [InlineData(0u, "Rename:Replace")]
    [InlineData(1u, "Rename:NoReplace")]
    [InlineData(2u, "Rename:Exchange")]
    public void Rename2_passes_on_the_flags_it_knows(uint flags, string call)
    {
        _harness.CreateFile("a");
        _harness.Errno(fuse_opcode.FUSE_RENAME2, 1, [.. U64(1), .. U32(flags), .. U32(0), .. Name("a"), .. Name("b")]);
        Assert.Equal(call, _calls[^1]);
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(8u)]
    [InlineData(0x80000000u)]
    public void Rename2_with_any_other_flag_changes_nothing(uint flags)
    {
        _harness.CreateFile("a");
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_RENAME2, 1, [.. U64(1), .. U32(flags), .. U32(0), .. Name("a"), .. Name("b")]));
        Assert.DoesNotContain(_calls, c => c.StartsWith("Rename", StringComparison.Ordinal));
    }

    [Fact]
    public void Rename_moves_between_folders()
    {
        _harness.Body(fuse_opcode.FUSE_MKDIR, 1, [.. U32(0x1ED), .. U32(0), .. Name("d")]);
        _harness.CreateFile("a");
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_RENAME, 1, [.. U64(2), .. Name("a"), .. Name("b")]));
        Assert.Equal(3UL, BinaryPrimitives.ReadUInt64LittleEndian(_harness.Body(fuse_opcode.FUSE_LOOKUP, 2, Name("b"))));
    }

    [Fact]
    public void Forget_and_batch_forget_give_lookups_back_and_are_not_answered()
    {
        _harness.CreateFile("f");
        _harness.Body(fuse_opcode.FUSE_LOOKUP, 1, Name("f"));
        _harness.Body(fuse_opcode.FUSE_LOOKUP, 1, Name("f"));
        Assert.Equal(3, _harness.Drive.Lookups(2));
        Assert.Empty(_harness.Process(Request(fuse_opcode.FUSE_FORGET, 2, U64(2))));
        Assert.Equal(1, _harness.Drive.Lookups(2));
        Assert.Empty(_harness.Process(Request(fuse_opcode.FUSE_BATCH_FORGET, 0, [.. U32(2), .. U32(0), .. U64(2), .. U64(1), .. U64(1), .. U64(0)])));
        Assert.Equal(0, _harness.Drive.Lookups(2));
    }

    [Fact]
    public void A_batch_that_counts_more_than_it_holds_ends_with_its_bytes()
    {
        Assert.Empty(_harness.Process(Request(fuse_opcode.FUSE_BATCH_FORGET, 0, [.. U32(uint.MaxValue), .. U32(0), .. U64(1), .. U64(1)])));
        Assert.Single(_calls);
    }

    [Fact]
    public void Statfs_answers_the_stores_space()
        => Assert.Equal(
            [.. U64(1 << 20), .. U64(1 << 19), .. U64(1 << 18), .. U64(1000), .. U64(900), .. U32(4096), .. U32(255), .. U32(4096), .. new byte[28]],
            _harness.Body(fuse_opcode.FUSE_STATFS, 1));

    [Fact]
    public void The_callers_ids_reach_the_drive()
        => Assert.Equal([.. U32(1000), .. U32(100)], _harness.Body(fuse_opcode.FUSE_MKDIR, 1, [.. U32(0x1ED), .. U32(0), .. Name("mine")]).Skip(40 + 68).Take(8));
}

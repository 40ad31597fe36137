using System;
using System.Buffers.Binary;
using SecureVault.Fuse;
using SecureVault.Fuse.Operations;
using SecureVault.Fuse.Wire;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

public sealed class HandshakeTests
{
    private readonly Harness _harness = new(new FuseOptions { Listing = ListingMode.Adaptive, AccessLists = true }, handshake: false);

    [Fact]
    public void A_modern_kernel_gets_our_flags_and_one_mebibyte()
    {
        byte[] reply = _harness.Process(Bytes("""
            68 00 00 00              // len 104
            1a 00 00 00              // FUSE_INIT
            01 00 00 00 00 00 00 00  // unique
            00 00 00 00 00 00 00 00  // nodeid
            00 00 00 00 00 00 00 00  // uid, gid
            00 00 00 00 00 00 00 00  // pid, extensions
            07 00 00 00              // major
            2d 00 00 00              // minor 45
            00 00 02 00              // max_readahead 128 KiB
            ff ff ff ff              // flags: everything
            ff ff ff ff              // flags2: everything
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            """));
        Assert.Equal(
            Bytes("""
            50 00 00 00              // len 80
            00 00 00 00              // no error
            01 00 00 00 00 00 00 00  // unique
            07 00 00 00              // major
            2d 00 00 00              // minor 45
            00 00 04 00              // max_readahead 256 KiB
            69 60 d4 70              // ASYNC_READ ATOMIC_O_TRUNC BIG_WRITES DONT_MASK READDIRPLUS(_AUTO) PARALLEL_DIROPS POSIX_ACL MAX_PAGES CACHE_SYMLINKS KILLPRIV_V2 SETXATTR_EXT INIT_EXT
            40 00                    // max_background 64
            30 00                    // congestion_threshold 48
            00 00 10 00              // max_write 1 MiB
            01 00 00 00              // time_gran 1 ns
            00 01                    // max_pages 256
            00 00                    // map_alignment
            50 00 00 00              // flags2: DIRECT_IO_ALLOW_MMAP NO_EXPORT_SUPPORT
            00 00 00 00              // max_stack_depth
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            """),
            reply);
    }

    [Fact]
    public void The_oldest_kernel_served_sends_16_bytes_and_gets_no_flag_it_did_not_offer()
    {
        byte[] body = _harness.Body(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(31), .. U32(4096), .. U32((uint)fuse_init_flags.FUSE_ASYNC_READ)]);
        Assert.Equal(31u, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(4)));
        Assert.Equal((uint)fuse_init_flags.FUSE_ASYNC_READ, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(12)));
        Assert.Equal(32 * 4096u, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(20)));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(32)));
    }

    [Fact]
    public void Flags2_counts_only_with_INIT_EXT()
    {
        uint withoutExtension = ~(uint)fuse_init_flags.FUSE_INIT_EXT;
        _harness.Body(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(45), .. U32(4096), .. U32(withoutExtension), .. U32(uint.MaxValue), .. new byte[44]]);
        Assert.False(_harness.State.Protocol!.Has(fuse_init_flags.FUSE_DIRECT_IO_ALLOW_MMAP));
    }

    [Theory]
    [InlineData(7u, 30u)]
    [InlineData(6u, 45u)]
    [InlineData(0u, 0u)]
    public void An_older_kernel_is_refused_and_nothing_is_agreed(uint major, uint minor)
    {
        Assert.Equal(71, _harness.Errno(fuse_opcode.FUSE_INIT, 0, [.. U32(major), .. U32(minor), .. U32(0), .. U32(0)]));
        Assert.Null(_harness.State.Protocol);
        Assert.Single(_harness.Log.Troubles);
    }

    [Fact]
    public void A_newer_major_is_told_ours_and_asks_again()
    {
        byte[] body = _harness.Body(fuse_opcode.FUSE_INIT, 0, [.. U32(8), .. U32(1)]);
        Assert.Equal(7u, BinaryPrimitives.ReadUInt32LittleEndian(body));
        Assert.Null(_harness.State.Protocol);
        _harness.Body(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(45), .. U32(0), .. U32(0)]);
        Assert.NotNull(_harness.State.Protocol);
    }

    [Theory]
    [InlineData(46u, 45u)]
    [InlineData(45u, 45u)]
    [InlineData(36u, 36u)]
    public void The_smaller_minor_is_spoken(uint kernel, uint agreed)
    {
        _harness.Body(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(kernel), .. U32(0), .. U32(0)]);
        Assert.Equal(agreed, _harness.State.Protocol!.Minor);
    }

    [Fact]
    public void Nothing_is_served_before_INIT_and_no_second_INIT_after_it()
    {
        Assert.Equal(5, _harness.Errno(fuse_opcode.FUSE_STATFS, 1));
        Assert.Equal(5, new Harness().Errno(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(45), .. U32(0), .. U32(0)]));
    }

    [Theory]
    [InlineData(ListingMode.WithAttributes, true, false)]
    [InlineData(ListingMode.Adaptive, true, true)]
    [InlineData(ListingMode.NamesOnly, false, false)]
    public void The_listing_mode_chooses_the_readdirplus_flags(ListingMode mode, bool plus, bool adaptive)
    {
        NegotiatedProtocol protocol = new Harness(new FuseOptions { Listing = mode }).State.Protocol!;
        Assert.Equal(plus, protocol.Has(fuse_init_flags.FUSE_DO_READDIRPLUS));
        Assert.Equal(adaptive, protocol.Has(fuse_init_flags.FUSE_READDIRPLUS_AUTO));
    }

    [Fact]
    public void Write_back_caching_and_locks_are_never_asked_for()
    {
        NegotiatedProtocol protocol = new Harness().State.Protocol!;
        fuse_init_flags refused = fuse_init_flags.FUSE_WRITEBACK_CACHE | fuse_init_flags.FUSE_POSIX_LOCKS | fuse_init_flags.FUSE_FLOCK_LOCKS
            | fuse_init_flags.FUSE_NO_OPEN_SUPPORT | fuse_init_flags.FUSE_NO_OPENDIR_SUPPORT;
        Assert.Equal(fuse_init_flags.None, protocol.Flags & refused);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Access_lists_are_agreed_where_the_drive_keeps_them_and_nobody_turned_them_off(bool kept, bool wanted, bool agreed)
    {
        var harness = new Harness(new FuseOptions { AccessLists = wanted }, handshake: false);
        harness.Drive.KeepsAccessLists = kept;
        harness.Body(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(45), .. U32(0), .. U32(uint.MaxValue)]);
        Assert.Equal(agreed, harness.State.Protocol!.Has(fuse_init_flags.FUSE_POSIX_ACL));
        Assert.Equal(agreed, harness.State.Protocol!.Has(fuse_init_flags.FUSE_DONT_MASK));
    }

    [Fact]
    public void Options_out_of_range_are_the_callers_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FuseOptions { MaxRequestBytes = 5000 }.ThrowIfOutOfRange());
        Assert.Throws<ArgumentOutOfRangeException>(() => new FuseOptions { Threads = 65 }.ThrowIfOutOfRange());
        Assert.Throws<ArgumentOutOfRangeException>(() => new FuseOptions { EntryTimeout = TimeSpan.FromSeconds(-1) }.ThrowIfOutOfRange());
        Assert.Throws<ArgumentException>(() => new FuseOptions { Source = "a,b" }.ThrowIfOutOfRange());
        new FuseOptions().ThrowIfOutOfRange();
    }
}

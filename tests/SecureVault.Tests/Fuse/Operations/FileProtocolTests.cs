using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Fuse.Operations;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

/// <summary>Requests about open files, as bytes.</summary>
public sealed class FileProtocolTests
{
    private readonly Harness _harness = new();
    private readonly List<string> _calls = [];

    public FileProtocolTests() => _harness.Drive.Before = _calls.Add;

    [Fact]
    public void Create_answers_the_entry_and_a_handle()
    {
        byte[] body = _harness.Body(fuse_opcode.FUSE_CREATE, 1, Bytes("""
            42 00 00 00              // O_RDWR O_CREAT
            a4 81 00 00              // mode 0100644
            12 00 00 00              // umask, already applied
            00 00 00 00              // open_flags
            'new' 00                 // name
            """));
        Assert.Equal(144, body.Length);
        Assert.Equal(2UL, BinaryPrimitives.ReadUInt64LittleEndian(body));
        Assert.Equal(
            Bytes("""
            00 00 10 00 00 00 00 00  // fh: serial 1, slot 0
            20 00 00 00              // NOFLUSH
            00 00 00 00              // backing_id
            """),
            body[128..]);
    }

    [Fact]
    public void Open_keeps_the_cache_when_the_drive_says_so_and_spares_the_flush()
    {
        (ulong node, _) = _harness.CreateFile("f");
        byte[] body = _harness.Body(fuse_opcode.FUSE_OPEN, node, Bytes("""
            00 80 00 00              // O_RDONLY O_LARGEFILE
            00 00 00 00              // open_flags
            """));
        Assert.Equal([.. U64(0x20_0001), .. U32(0x22), .. U32(0)], body);
        Assert.Equal(OpenIntent.Read, _harness.Drive.LastIntent);
    }

    [Theory]
    [InlineData(0x8000u, uint.MaxValue, 0x22u)] // read only
    [InlineData(0x8002u, uint.MaxValue, 0x22u)]
    [InlineData(0x8001u, uint.MaxValue, 0x23u)] // write only: past the page cache
    [InlineData(0x8401u, uint.MaxValue, 0x23u)]
    [InlineData(0x8001u, 0xFFFFFFEFu, 0x22u)]   // a kernel that would not drop what others have cached
    public void What_only_writes_passes_the_page_cache_by(uint flags, uint offered, uint expected)
    {
        var harness = new Harness(offered2: offered);
        (ulong node, _) = harness.CreateFile("f");
        byte[] body = harness.Body(fuse_opcode.FUSE_OPEN, node, [.. U32(flags), .. U32(0)]);
        Assert.Equal(expected, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(8)));
    }

    [Theory]
    [InlineData(0u, OpenIntent.Read)]
    [InlineData(1u, OpenIntent.Write)]
    [InlineData(2u, OpenIntent.Read | OpenIntent.Write)]
    [InlineData(3u, OpenIntent.Read | OpenIntent.Write)]
    [InlineData(0x201u, OpenIntent.Write | OpenIntent.Truncate)]
    [InlineData(0x82u, OpenIntent.Read | OpenIntent.Write | OpenIntent.Exclusive)]
    [InlineData(0x401u, OpenIntent.Write)]
    [InlineData(0x20u, OpenIntent.Read)]
    public void Open_flags_become_intents(uint flags, OpenIntent intent) => Assert.Equal(intent, OpenOperations.Intent(flags));

    [Fact]
    public void Bytes_written_are_read_back_across_the_end()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        byte[] reply = _harness.Process(Request(fuse_opcode.FUSE_WRITE, node, [.. Io(handle, 3, 5), .. "hello"u8]));
        Assert.Equal(
            Bytes("""
            18 00 00 00 00 00 00 00  // len 24, no error
            88 77 66 55 44 33 22 11  // unique
            05 00 00 00 00 00 00 00  // 5 bytes written
            """),
            reply);
        Assert.Equal("\0\0\0hello"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_READ, node, Io(handle, 0, 4096)));
        Assert.Equal("lo"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_READ, node, Io(handle, 6, 4096)));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_READ, node, Io(handle, 8, 4096)));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_READ, node, Io(handle, long.MaxValue, 4096)));
    }

    [Fact]
    public void A_request_of_one_mebibyte_passes_both_ways()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        byte[] plain = [.. Enumerable.Range(0, MaxRequestBytes).Select(i => (byte)(i * 31 % 251))];
        Assert.Equal([.. U32(MaxRequestBytes), .. U32(0)], _harness.Body(fuse_opcode.FUSE_WRITE, node, [.. Io(handle, 7, MaxRequestBytes), .. plain]));
        Assert.Equal(plain, _harness.Body(fuse_opcode.FUSE_READ, node, Io(handle, 7, MaxRequestBytes)));
    }

    [Fact]
    public void A_read_larger_than_was_negotiated_is_refused_rather_than_cut()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_READ, node, Io(handle, 0, (2 * MaxRequestBytes) + 1)));
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_READ, node, Io(handle, 0, uint.MaxValue)));
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_READ, node, Io(handle, ulong.MaxValue, 1)));
    }

    [Fact]
    public void A_write_that_promises_more_bytes_than_it_brings_writes_none()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_WRITE, node, [.. Io(handle, 0, 6), .. "hello"u8]));
        Assert.Equal(27, _harness.Errno(fuse_opcode.FUSE_WRITE, node, [.. Io(handle, long.MaxValue, 5), .. "hello"u8]));
        Assert.DoesNotContain("Write", _calls);
    }

    [Fact]
    public void A_handle_that_was_released_or_never_given_is_EBADF_everywhere()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_RELEASE, node, [.. U64(handle), .. new byte[16]]));
        Assert.Equal(0, _harness.Drive.OpenCount);
        foreach (ulong bad in new[] { handle, 0UL, ulong.MaxValue })
        {
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_READ, node, Io(bad, 0, 1)));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_WRITE, node, [.. Io(bad, 0, 1), 1]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_FLUSH, node, [.. U64(bad), .. new byte[16]]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_FSYNC, node, [.. U64(bad), .. U64(0)]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_RELEASE, node, [.. U64(bad), .. new byte[16]]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_FALLOCATE, node, [.. U64(bad), .. U64(0), .. U64(1), .. U64(0)]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_LSEEK, node, [.. U64(bad), .. U64(0), .. U64(3)]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_COPY_FILE_RANGE, node, [.. U64(bad), .. new byte[16], .. U64(bad), .. new byte[24]]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_READDIR, node, Io(bad, 0, 4096)));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_FSYNCDIR, node, [.. U64(bad), .. U64(0)]));
            Assert.Equal(9, _harness.Errno(fuse_opcode.FUSE_RELEASEDIR, node, [.. U64(bad), .. new byte[16]]));
        }
    }

    [Fact]
    public void Flush_and_fsync_reach_the_file()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        _calls.Clear();
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_FLUSH, node, [.. U64(handle), .. new byte[16]]));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_FSYNC, node, [.. U64(handle), .. U32(0), .. U32(0)]));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_FSYNC, node, [.. U64(handle), .. U32(1), .. U32(0)]));
        Assert.Equal(["Flush", "Sync", "SyncContent"], _calls);
    }

    [Theory]
    [InlineData(0x00u, "Allocate:Allocate")]
    [InlineData(0x01u, "Allocate:AllocateKeepSize")]
    [InlineData(0x03u, "Allocate:PunchHole")]
    [InlineData(0x10u, "Allocate:ZeroRange")]
    [InlineData(0x11u, "Allocate:ZeroRangeKeepSize")]
    public void Fallocate_passes_on_the_modes_it_knows(uint mode, string call)
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_FALLOCATE, node, [.. U64(handle), .. U64(4), .. U64(100), .. U32(mode), .. U32(0)]));
        Assert.Equal(call, _calls[^1]);
    }

    [Theory]
    [InlineData(0x02u)]
    [InlineData(0x08u)]
    [InlineData(0x20u)]
    [InlineData(0x40u)]
    public void Fallocate_refuses_other_modes(uint mode)
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        Assert.Equal(95, _harness.Errno(fuse_opcode.FUSE_FALLOCATE, node, [.. U64(handle), .. U64(4), .. U64(100), .. U32(mode), .. U32(0)]));
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_FALLOCATE, node, [.. U64(handle), .. U64(4), .. U64(0), .. U64(0)]));
        Assert.Equal(27, _harness.Errno(fuse_opcode.FUSE_FALLOCATE, node, [.. U64(handle), .. U64(long.MaxValue), .. U64(1), .. U64(0)]));
    }

    [Fact]
    public void Lseek_finds_data_and_holes_only()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        _harness.Body(fuse_opcode.FUSE_WRITE, node, [.. Io(handle, 0, 5), .. "hello"u8]);
        Assert.Equal(U64(1), _harness.Body(fuse_opcode.FUSE_LSEEK, node, [.. U64(handle), .. U64(1), .. U32(3), .. U32(0)]));
        Assert.Equal(U64(5), _harness.Body(fuse_opcode.FUSE_LSEEK, node, [.. U64(handle), .. U64(1), .. U32(4), .. U32(0)]));
        Assert.Equal(6, _harness.Errno(fuse_opcode.FUSE_LSEEK, node, [.. U64(handle), .. U64(5), .. U32(3), .. U32(0)]));
        Assert.Equal(6, _harness.Errno(fuse_opcode.FUSE_LSEEK, node, [.. U64(handle), .. U64(ulong.MaxValue), .. U32(3), .. U32(0)]));
        Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_LSEEK, node, [.. U64(handle), .. U64(0), .. U32(0), .. U32(0)]));
    }

    [Theory]
    [InlineData((uint)fuse_opcode.FUSE_COPY_FILE_RANGE)]
    [InlineData((uint)fuse_opcode.FUSE_COPY_FILE_RANGE_64)]
    public void Copying_between_files_says_how_much(uint opcode)
    {
        (ulong node, ulong from) = _harness.CreateFile("from");
        (ulong target, ulong to) = _harness.CreateFile("to");
        _harness.Body(fuse_opcode.FUSE_WRITE, node, [.. Io(from, 0, 5), .. "hello"u8]);
        byte[] body = _harness.Body((fuse_opcode)opcode, node, [.. U64(from), .. U64(1), .. U64(target), .. U64(to), .. U64(2), .. U64(1 << 30), .. U64(0)]);
        Assert.Equal(U64(4), body);
        Assert.Equal("\0\0ello"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_READ, target, Io(to, 0, 100)));
        Assert.Equal(22, _harness.Errno((fuse_opcode)opcode, node, [.. U64(from), .. U64(1), .. U64(target), .. U64(to), .. U64(2), .. U64(9), .. U64(1)]));
    }

    [Fact]
    public void A_write_by_a_user_clears_set_ids_once_and_asks_again_after_a_chmod()
    {
        (ulong node, ulong handle) = _harness.CreateFile("f");
        byte[] chmod = [.. U64((ulong)fuse_setattr_valid.FATTR_MODE), .. new byte[60], .. U32(0x89ED), .. new byte[16]];
        byte[] write = [.. Io(handle, 0, 1, fuse_write_in.FUSE_WRITE_KILL_SUIDGID), 1];
        _harness.Body(fuse_opcode.FUSE_SETATTR, node, chmod);
        _calls.Clear();
        _harness.Body(fuse_opcode.FUSE_WRITE, node, write);
        _harness.Body(fuse_opcode.FUSE_WRITE, node, write);
        Assert.Equal(["GetAttributes", "SetAttributes", "Write", "Write"], _calls);
        Assert.Equal(0x81EDu, BinaryPrimitives.ReadUInt32LittleEndian(_harness.Body(fuse_opcode.FUSE_GETATTR, node, new byte[16]).AsSpan(76)));

        _harness.Body(fuse_opcode.FUSE_SETATTR, node, chmod);
        _harness.Body(fuse_opcode.FUSE_WRITE, node, write);
        Assert.Equal(0x81EDu, BinaryPrimitives.ReadUInt32LittleEndian(_harness.Body(fuse_opcode.FUSE_GETATTR, node, new byte[16]).AsSpan(76)));
    }

    [Fact]
    public void Truncating_at_open_by_a_user_clears_set_ids()
    {
        (ulong node, _) = _harness.CreateFile("f");
        _calls.Clear();
        _harness.Body(fuse_opcode.FUSE_OPEN, node, [.. U32(0x201), .. U32(1)]);
        Assert.Equal(["Open", "SetAttributes"], _calls);
    }

    [Fact]
    public void Extended_attributes_are_set_listed_read_and_removed()
    {
        _harness.CreateFile("f");
        byte[] set = Bytes("""
            03 00 00 00              // 3 bytes of value
            01 00 00 00              // XATTR_CREATE
            00 00 00 00 00 00 00 00  // the extension
            'user.x' 00              // name
            'abc'                    // value
            """);
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_SETXATTR, 2, set));
        Assert.Equal(17, _harness.Errno(fuse_opcode.FUSE_SETXATTR, 2, set));
        Assert.Equal([.. U32(3), .. U32(0)], _harness.Body(fuse_opcode.FUSE_GETXATTR, 2, [.. U64(0), .. Name("user.x")]));
        Assert.Equal("abc"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_GETXATTR, 2, [.. U64(3), .. Name("user.x")]));
        Assert.Equal(34, _harness.Errno(fuse_opcode.FUSE_GETXATTR, 2, [.. U64(2), .. Name("user.x")]));
        Assert.Equal([.. U32(7), .. U32(0)], _harness.Body(fuse_opcode.FUSE_LISTXATTR, 2, U64(0)));
        Assert.Equal("user.x\0"u8.ToArray(), _harness.Body(fuse_opcode.FUSE_LISTXATTR, 2, U64(65536)));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_REMOVEXATTR, 2, Name("user.x")));
        Assert.Equal(61, _harness.Errno(fuse_opcode.FUSE_GETXATTR, 2, [.. U64(0), .. Name("user.x")]));
        Assert.Equal(61, _harness.Errno(fuse_opcode.FUSE_SETXATTR, 2, [.. U32(0), .. U32(2), .. U64(0), .. Name("user.y")]));
    }

    [Fact]
    public void A_kernel_without_the_extension_sends_the_short_setxattr()
    {
        var old = new Harness(handshake: false);
        old.Body(fuse_opcode.FUSE_INIT, 0, [.. U32(7), .. U32(32), .. U32(0), .. U32(0)]);
        old.CreateFile("f");
        Assert.Empty(old.Body(fuse_opcode.FUSE_SETXATTR, 2, [.. U32(1), .. U32(0), .. Name("user.x"), 9]));
        Assert.Equal([9], old.Body(fuse_opcode.FUSE_GETXATTR, 2, [.. U64(8), .. Name("user.x")]));
    }

    [Theory]
    [InlineData("system.posix_acl_access")]
    [InlineData("system.posix_acl_default")]
    public void Access_lists_reach_the_drive_when_agreed_and_only_then(string name)
    {
        var with = new Harness(new SecureVault.Fuse.FuseOptions { AccessLists = true });
        byte[] set = [.. U32(3), .. U32(0), .. U32(1), .. U32(0), .. Name(name), .. "abc"u8];
        Assert.Equal(61, with.Errno(fuse_opcode.FUSE_GETXATTR, 1, [.. U64(4096), .. Name(name)]));
        Assert.Empty(with.Body(fuse_opcode.FUSE_SETXATTR, 1, set));
        Assert.True(with.Drive.ClearedSetGid);
        Assert.Equal("abc"u8.ToArray(), with.Body(fuse_opcode.FUSE_GETXATTR, 1, [.. U64(4096), .. Name(name)]));
        Assert.Equal(Name(name), with.Body(fuse_opcode.FUSE_LISTXATTR, 1, U64(4096)));
        set[8] = 0;
        Assert.Empty(with.Body(fuse_opcode.FUSE_SETXATTR, 1, set));
        Assert.False(with.Drive.ClearedSetGid);
        Assert.Empty(with.Body(fuse_opcode.FUSE_REMOVEXATTR, 1, Name(name)));

        Assert.Equal(95, _harness.Errno(fuse_opcode.FUSE_GETXATTR, 1, [.. U64(4096), .. Name(name)]));
        Assert.Equal(95, _harness.Errno(fuse_opcode.FUSE_SETXATTR, 1, set));
        Assert.Equal(95, _harness.Errno(fuse_opcode.FUSE_REMOVEXATTR, 1, Name(name)));
        _harness.Drive.SetAccessList(default, NodeId.Root, AclKind.Access, "abc"u8, false);
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_LISTXATTR, 1, U64(4096)));
    }

    [Theory]
    [InlineData("security.capability")]
    [InlineData("system.posix_acl_other")]
    [InlineData("trusted.overlay.opaque")]
    [InlineData("plain")]
    public void Only_user_attributes_reach_the_drive(string name)
    {
        Assert.Equal(95, _harness.Errno(fuse_opcode.FUSE_GETXATTR, 1, [.. U64(0), .. Name(name)]));
        Assert.Equal(95, _harness.Errno(fuse_opcode.FUSE_SETXATTR, 1, [.. U32(0), .. U32(0), .. U64(0), .. Name(name)]));
        Assert.Equal(95, _harness.Errno(fuse_opcode.FUSE_REMOVEXATTR, 1, Name(name)));
        Assert.Empty(_calls);
    }
}

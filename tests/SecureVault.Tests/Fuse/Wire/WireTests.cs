using System.Collections.Generic;
using System.Runtime.CompilerServices;
using SecureVault.Fuse.Wire;
using Xunit;

namespace SecureVault.Tests.Fuse.Wire;

public sealed class WireTests
{
    public static TheoryData<string, int, int> Sizes() => new()
    {
        { nameof(fuse_in_header), Unsafe.SizeOf<fuse_in_header>(), 40 },
        { nameof(fuse_out_header), Unsafe.SizeOf<fuse_out_header>(), 16 },
        { nameof(fuse_init_in), Unsafe.SizeOf<fuse_init_in>(), 64 },
        { nameof(fuse_init_out), Unsafe.SizeOf<fuse_init_out>(), 64 },
        { nameof(fuse_attr), Unsafe.SizeOf<fuse_attr>(), 88 },
        { nameof(fuse_entry_out), Unsafe.SizeOf<fuse_entry_out>(), 128 },
        { nameof(fuse_attr_out), Unsafe.SizeOf<fuse_attr_out>(), 104 },
        { nameof(fuse_getattr_in), Unsafe.SizeOf<fuse_getattr_in>(), 16 },
        { nameof(fuse_setattr_in), Unsafe.SizeOf<fuse_setattr_in>(), 88 },
        { nameof(fuse_forget_one), Unsafe.SizeOf<fuse_forget_one>(), 16 },
        { nameof(fuse_mknod_in), Unsafe.SizeOf<fuse_mknod_in>(), 16 },
        { nameof(fuse_mkdir_in), Unsafe.SizeOf<fuse_mkdir_in>(), 8 },
        { nameof(fuse_rename2_in), Unsafe.SizeOf<fuse_rename2_in>(), 16 },
        { nameof(fuse_open_in), Unsafe.SizeOf<fuse_open_in>(), 8 },
        { nameof(fuse_create_in), Unsafe.SizeOf<fuse_create_in>(), 16 },
        { nameof(fuse_open_out), Unsafe.SizeOf<fuse_open_out>(), 16 },
        { nameof(fuse_read_in), Unsafe.SizeOf<fuse_read_in>(), 40 },
        { nameof(fuse_write_in), Unsafe.SizeOf<fuse_write_in>(), fuse_write_in.Size },
        { nameof(fuse_write_out), Unsafe.SizeOf<fuse_write_out>(), 8 },
        { nameof(fuse_release_in), Unsafe.SizeOf<fuse_release_in>(), 24 },
        { nameof(fuse_flush_in), Unsafe.SizeOf<fuse_flush_in>(), 24 },
        { nameof(fuse_fsync_in), Unsafe.SizeOf<fuse_fsync_in>(), 16 },
        { nameof(fuse_fallocate_in), Unsafe.SizeOf<fuse_fallocate_in>(), 32 },
        { nameof(fuse_lseek_in), Unsafe.SizeOf<fuse_lseek_in>(), 24 },
        { nameof(fuse_copy_file_range_in), Unsafe.SizeOf<fuse_copy_file_range_in>(), 56 },
        { nameof(fuse_dirent), Unsafe.SizeOf<fuse_dirent>(), fuse_dirent.NameOffset },
        { nameof(fuse_direntplus), Unsafe.SizeOf<fuse_direntplus>(), fuse_direntplus.NameOffset },
        { nameof(fuse_kstatfs), Unsafe.SizeOf<fuse_kstatfs>(), 80 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_struct_is_as_long_as_the_kernels(string name, int size, int expected) => Assert.True(size == expected, $"{name}: {size}, not {expected}");

    [Fact]
    public void The_reader_never_reads_past_the_end()
    {
        byte[] request = Harness.Request(fuse_opcode.FUSE_LOOKUP, 1, 1, 2, 3);
        Assert.True(RequestReader.TryParse(request, out RequestReader reader, out _));
        Assert.Equal(3, reader.Left);
        Assert.False(reader.TryRead(out uint _));
        Assert.False(reader.TryReadString(out _));
        Assert.False(reader.TryReadBytes(4, out _));
        Assert.False(reader.TryReadBytes(uint.MaxValue, out _));
        Assert.True(reader.TryReadBytes(3, out _));
        Assert.Equal(0, reader.Left);
    }

    [Fact]
    public void Extensions_at_the_end_are_no_part_of_the_body()
    {
        byte[] request = Harness.Request(fuse_opcode.FUSE_LOOKUP, 1, [.. "a\0"u8, .. new byte[6], .. new byte[8]]);
        request[36] = 1;
        Assert.True(RequestReader.TryParse(request, out RequestReader reader, out _));
        Assert.Equal(8, reader.Left);
        request[36] = 3;
        Assert.False(RequestReader.TryParse(request, out _, out _));
    }

    [Theory]
    [InlineData(39)]
    [InlineData(0)]
    public void Less_than_a_header_is_no_request(int length) => Assert.False(RequestReader.TryParse(new byte[length], out _, out _));

    public static IEnumerable<object[]> WrongLengths() => [[39u], [41u], [0u], [uint.MaxValue]];

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public void A_header_with_another_length_is_no_request(uint length)
    {
        byte[] request = Harness.Request(fuse_opcode.FUSE_STATFS, 1);
        Harness.U32(length).CopyTo(request, 0);
        Assert.False(RequestReader.TryParse(request, out _, out fuse_in_header header));
        Assert.Equal(0x1122334455667788UL, header.unique);
    }
}

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SecureVault.Fuse;
using SecureVault.Fuse.Wire;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

/// <summary>Requests about open folders, as bytes.</summary>
public sealed class DirectoryProtocolTests
{
    private readonly Harness _harness = new();

    private ulong OpenRoot() => BinaryPrimitives.ReadUInt64LittleEndian(_harness.Body(fuse_opcode.FUSE_OPENDIR, 1, new byte[8]));

    [Fact]
    public void Readdir_answers_padded_entries()
    {
        _harness.CreateFile("hello");
        byte[] body = _harness.Body(fuse_opcode.FUSE_READDIR, 1, Io(OpenRoot(), 0, 4096));
        Assert.Equal(
            Bytes("""
            01 00 00 00 00 00 00 00  // ino
            01 00 00 00 00 00 00 00  // off
            01 00 00 00 04 00 00 00  // namelen, a folder
            '.' 00 00 00 00 00 00 00
            01 00 00 00 00 00 00 00  // ino
            02 00 00 00 00 00 00 00  // off
            02 00 00 00 04 00 00 00  // namelen, a folder
            '..' 00 00 00 00 00 00
            02 00 00 00 00 00 00 00  // ino
            03 00 00 00 00 00 00 00  // off
            05 00 00 00 08 00 00 00  // namelen, a file
            'hello' 00 00 00
            """),
            body);
    }

    [Fact]
    public void Readdirplus_brings_attributes_and_counts_lookups_but_not_of_the_dots()
    {
        _harness.CreateFile("hello");
        byte[] body = _harness.Body(fuse_opcode.FUSE_READDIRPLUS, 1, Io(OpenRoot(), 0, 4096));
        Assert.Equal(3 * 160, body.Length);
        Assert.All(body[..128], b => Assert.Equal(0, b));
        Assert.All(body[160..288], b => Assert.Equal(0, b));
        Assert.Equal(_harness.Body(fuse_opcode.FUSE_LOOKUP, 1, Name("hello")), body[320..448]);
        Assert.Equal([.. U64(2), .. U64(3), .. U32(5), .. U32(8), .. Name("hello"), 0, 0], body[448..]);
        Assert.Equal(0, _harness.Drive.Lookups(1));
        Assert.Equal(3, _harness.Drive.Lookups(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_larger_than_a_reply_continues_at_its_cookies(bool plus)
    {
        string[] names = [.. Enumerable.Range(0, 100).Select(i => $"file-{i:000}-{new string('x', i % 9)}")];
        foreach (string name in names)
        {
            _harness.CreateFile(name);
        }

        ulong handle = OpenRoot();
        var found = new List<string>();
        ulong cookie = 0;
        byte[] body;
        while ((body = _harness.Body(plus ? fuse_opcode.FUSE_READDIRPLUS : fuse_opcode.FUSE_READDIR, 1, Io(handle, cookie, 700))).Length > 0)
        {
            Assert.InRange(body.Length, 1, 700);
            foreach (int at in Records(body, plus))
            {
                int dirent = at + (plus ? 128 : 0);
                cookie = BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(dirent + 8));
                int length = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(dirent + 16));
                found.Add(Encoding.Latin1.GetString(body, dirent + 24, length));
            }
        }

        Assert.Equal([".", "..", .. names], found);
        Assert.All(Enumerable.Range(2, 100), node => Assert.Equal(plus ? 2 : 1, _harness.Drive.Lookups((ulong)node)));
    }

    [Fact]
    public void A_reply_without_room_for_one_entry_is_EINVAL_not_the_end()
        => Assert.Equal(22, _harness.Errno(fuse_opcode.FUSE_READDIR, 1, Io(OpenRoot(), 0, 8)));

    [Fact]
    public void Fsyncdir_and_releasedir_reach_the_folder()
    {
        ulong handle = OpenRoot();
        Assert.Equal(1, _harness.Drive.OpenCount);
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_FSYNCDIR, 1, [.. U64(handle), .. U64(0)]));
        Assert.Empty(_harness.Body(fuse_opcode.FUSE_RELEASEDIR, 1, [.. U64(handle), .. new byte[16]]));
        Assert.Equal(0, _harness.Drive.OpenCount);
    }

    [Theory]
    [InlineData(true, 0x0Au)]
    [InlineData(false, 0u)]
    public void Listings_are_cached_when_asked(bool cache, uint flags)
        => Assert.Equal(U32(flags), new Harness(new FuseOptions { CacheListings = cache }).Body(fuse_opcode.FUSE_OPENDIR, 1, new byte[8])[8..12]);
}

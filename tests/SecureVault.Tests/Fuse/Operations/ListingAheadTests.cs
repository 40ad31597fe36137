using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Fuse;
using SecureVault.Fuse.Wire;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Operations;

/// <summary>The body that is made before it is asked for: the same bytes as one made when asked, and no lookup counted that the kernel never hears of.</summary>
public sealed class ListingAheadTests
{
    private const int Files = 12;
    private const int Room = 4 * 160; // four records of READDIRPLUS

    private readonly Harness _harness = Folder(new FuseOptions());

    [Fact]
    public void A_folder_reads_the_same_with_and_without()
    {
        Harness without = Folder(new FuseOptions { EntryTimeout = TimeSpan.Zero });
        byte[][] ahead = [.. Bodies(_harness).Select(b => BlankValidity(b))];
        byte[][] asked = [.. Bodies(without).Select(b => BlankValidity(b))];
        Assert.Equal(asked.Length, ahead.Length);
        Assert.All(Enumerable.Range(0, asked.Length), i => Assert.Equal(asked[i], ahead[i]));
        Assert.All(Nodes, node => Assert.Equal(2, _harness.Drive.Lookups(node)));
    }

    [Fact]
    public void The_next_body_is_made_when_one_was_sent_and_not_again_when_it_is_asked_for()
    {
        int made = 0;
        _harness.Drive.Before = operation => made += operation == "ReadDirectory" ? 1 : 0;
        ulong handle = Open(_harness);
        ulong cookie = Cookie(Read(_harness, handle, 0));
        Assert.Equal(2, made);
        Read(_harness, handle, cookie);
        Assert.Equal(3, made);
    }

    [Theory]
    [InlineData(60, 1000, 3)]
    [InlineData(60, 1001, 4)]
    [InlineData(0.5, 500, 3)]
    [InlineData(0.5, 501, 4)]
    public void What_is_older_than_a_second_or_than_names_are_believed_is_made_again(double secondsBelieved, int milliseconds, int madeInAll)
    {
        Harness harness = Folder(new FuseOptions { EntryTimeout = TimeSpan.FromSeconds(secondsBelieved) });
        int made = 0;
        harness.Drive.Before = operation => made += operation == "ReadDirectory" ? 1 : 0;
        ulong handle = Open(harness);
        ulong cookie = Cookie(Read(harness, handle, 0));
        Assert.Equal(2, made);
        harness.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Read(harness, handle, cookie);
        Assert.Equal(madeInAll, made);
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(true, 0)]
    public void Names_alone_and_names_that_are_not_believed_are_not_made_ahead(bool plus, int secondsBelieved)
    {
        Harness harness = Folder(new FuseOptions { EntryTimeout = TimeSpan.FromSeconds(secondsBelieved) });
        int made = 0;
        harness.Drive.Before = operation => made += operation == "ReadDirectory" ? 1 : 0;
        harness.Body(plus ? fuse_opcode.FUSE_READDIRPLUS : fuse_opcode.FUSE_READDIR, 1, Io(Open(harness), 0, Room));
        Assert.Equal(1, made);
    }

    [Fact]
    public void A_change_in_between_is_in_the_next_body()
    {
        ulong handle = Open(_harness);
        ulong cookie = Cookie(Read(_harness, handle, 0));
        (ulong node, ulong file) = (7, BinaryPrimitives.ReadUInt64LittleEndian(_harness.Body(fuse_opcode.FUSE_OPEN, 7, new byte[8])));
        _harness.Body(fuse_opcode.FUSE_WRITE, node, [.. Io(file, 0, 5), .. "12345"u8]);
        Assert.Equal(5UL, SizeOf(Read(_harness, handle, cookie), node));
        Assert.Equal(2, _harness.Drive.Lookups(node));
    }

    [Fact]
    public void Requests_that_change_names_or_attributes_end_what_was_made_ahead_and_others_do_not()
    {
        (ulong node, ulong handle) = _harness.CreateFile("open");
        byte[] ask = Io(handle, 0, 0);
        Assert.True(Counts(fuse_opcode.FUSE_CREATE, 1, [.. U32(1), .. U32(0x81A4), .. U64(0), .. Name("new")]));
        Assert.True(Counts(fuse_opcode.FUSE_MKDIR, 1, [.. U32(0x1FF), .. U32(0), .. Name("dir")]));
        Assert.True(Counts(fuse_opcode.FUSE_SYMLINK, 1, [.. Name("link"), .. Name("target")]));
        Assert.True(Counts(fuse_opcode.FUSE_RENAME, 1, [.. U64(1), .. Name("new"), .. Name("newer")]));
        Assert.True(Counts(fuse_opcode.FUSE_UNLINK, 1, Name("newer")));
        Assert.True(Counts(fuse_opcode.FUSE_RMDIR, 1, Name("dir")));
        Assert.True(Counts(fuse_opcode.FUSE_UNLINK, 1, Name("no such name"))); // what failed may have done a part
        Assert.True(Counts(fuse_opcode.FUSE_SETATTR, node, [.. U32(1), .. U32(0), .. U64(0), .. new byte[72]]));
        Assert.True(Counts(fuse_opcode.FUSE_WRITE, node, ask));
        Assert.True(Counts(fuse_opcode.FUSE_OPEN, node, [.. U32(0x201), .. U32(0)])); // O_WRONLY | O_TRUNC
        Assert.False(Counts(fuse_opcode.FUSE_OPEN, node, new byte[8]));
        Assert.False(Counts(fuse_opcode.FUSE_READ, node, ask));
        Assert.False(Counts(fuse_opcode.FUSE_GETATTR, node, new byte[16]));
        Assert.False(Counts(fuse_opcode.FUSE_LOOKUP, 1, Name("open")));
        Assert.False(Counts(fuse_opcode.FUSE_OPENDIR, 1, new byte[8]));
        Assert.False(Counts(fuse_opcode.FUSE_RELEASE, node, [.. U64(handle), .. new byte[16]]));
        _harness.Drive.Before = operation => throw new InvalidOperationException(operation);
        Assert.True(Counts(fuse_opcode.FUSE_OPEN, node, [.. U32(0x201), .. U32(0)])); // nor is it known what one did that threw
        Assert.True(Counts(fuse_opcode.FUSE_UNLINK, 1, Name("open")));
    }

    [Theory]
    [InlineData("another cookie", 2)]
    [InlineData("less room", 3)]
    [InlineData("a change", 6)]
    [InlineData("the end of the handle", 2)]
    public void Lookups_of_a_body_that_was_not_given_are_given_back(string why, int given)
    {
        ulong handle = Open(_harness);
        ulong cookie = Cookie(Read(_harness, handle, 0));
        Assert.Equal(2, Nodes.Sum(node => _harness.Drive.Lookups(node) - 1) - 4); // "." and ".." and two files were sent, four are ahead
        switch (why)
        {
            case "another cookie":
                Read(_harness, handle, 1_000_000);
                break;
            case "less room":
                _harness.Body(fuse_opcode.FUSE_READDIRPLUS, 1, Io(handle, cookie, 160));
                break;
            case "a change":
                _harness.State.Changed();
                Read(_harness, handle, cookie); // the same four, made again
                break;
        }

        _harness.Body(fuse_opcode.FUSE_RELEASEDIR, 1, [.. U64(handle), .. new byte[16]]);
        Assert.Equal(given, Nodes.Sum(node => _harness.Drive.Lookups(node) - 1));
        Assert.Equal(0, _harness.Drive.OpenCount);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(12, 3)]
    [InlineData(64, 16)]
    public void A_quarter_of_the_threads_make_listings_ahead_at_once(int threads, int most)
    {
        Harness harness = Folder(new FuseOptions { Threads = threads });
        int others = 0;
        while (harness.State.TryBeginAhead())
        {
            others++;
        }

        Assert.Equal(most, others);
        int made = 0;
        harness.Drive.Before = operation => made += operation == "ReadDirectory" ? 1 : 0;
        ulong handle = Open(harness);
        ulong cookie = Cookie(Read(harness, handle, 0));
        Assert.Equal(1, made);
        harness.State.EndAhead();
        Read(harness, handle, cookie);
        Assert.Equal(3, made);
        Assert.True(harness.State.TryBeginAhead());
    }

    [Fact]
    public void What_was_made_before_trouble_is_given_and_its_lookups_are_counted_once()
    {
        ulong handle = Open(_harness);
        int taken = 0;
        _harness.Drive.BeforeEntry = () =>
        {
            if (++taken == 7)
            {
                throw new InvalidOperationException("once");
            }
        };
        ulong cookie = Cookie(Read(_harness, handle, 0)); // four; the fifth had no room; then one ahead, and trouble
        _harness.Drive.BeforeEntry = null;
        Assert.Single(_harness.Log.Failed);
        Assert.Single(Records(Read(_harness, handle, cookie), plus: true));
        _harness.Body(fuse_opcode.FUSE_RELEASEDIR, 1, [.. U64(handle), .. new byte[16]]);
        Assert.Equal(3, Nodes.Sum(node => _harness.Drive.Lookups(node) - 1));
    }

    [Fact]
    public void Trouble_while_it_is_made_is_logged_and_met_again_by_who_asks()
    {
        ulong handle = Open(_harness);
        int made = 0;
        _harness.Drive.Before = operation =>
        {
            if (operation == "ReadDirectory" && ++made == 2)
            {
                throw new InvalidOperationException("once");
            }
        };
        ulong cookie = Cookie(Read(_harness, handle, 0));
        Assert.Equal(["Afterwards: once"], _harness.Log.Failed);
        Assert.NotEmpty(Read(_harness, handle, cookie));
        Assert.Equal(4, made);
    }

    private static IEnumerable<ulong> Nodes => Enumerable.Range(2, Files).Select(i => (ulong)i);

    private static Harness Folder(FuseOptions options)
    {
        var harness = new Harness(options);
        for (int i = 0; i < Files; i++)
        {
            (ulong node, ulong handle) = harness.CreateFile($"file-{i:000}");
            harness.Body(fuse_opcode.FUSE_RELEASE, node, [.. U64(handle), .. new byte[16]]);
        }

        return harness;
    }

    private static ulong Open(Harness harness) => BinaryPrimitives.ReadUInt64LittleEndian(harness.Body(fuse_opcode.FUSE_OPENDIR, 1, new byte[8]));

    private static byte[] Read(Harness harness, ulong handle, ulong cookie) => harness.Body(fuse_opcode.FUSE_READDIRPLUS, 1, Io(handle, cookie, Room));

    private static List<byte[]> Bodies(Harness harness)
    {
        ulong handle = Open(harness);
        var bodies = new List<byte[]>();
        for (byte[] body = Read(harness, handle, 0); body.Length > 0; body = Read(harness, handle, Cookie(body)))
        {
            bodies.Add(body);
        }

        return bodies;
    }

    // The validity of names differs by the options under test.
    private static byte[] BlankValidity(byte[] body)
    {
        foreach (int at in Records(body, plus: true))
        {
            body.AsSpan(at + 16, 8).Clear();
            body.AsSpan(at + 32, 4).Clear();
        }

        return body;
    }

    private static ulong Cookie(byte[] body) => BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(Records(body, plus: true).Last() + 128 + 8));

    private static ulong SizeOf(byte[] body, ulong node)
        => BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(Records(body, plus: true).Single(at => BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(at)) == node) + 40 + 8));

    private bool Counts(fuse_opcode opcode, ulong node, byte[] body)
    {
        long before = _harness.State.Changes;
        _harness.Process(Request(opcode, node, body));
        return _harness.State.Changes != before;
    }
}

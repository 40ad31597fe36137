using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class FileNamesTests
{
    [Fact]
    public void A_file_of_one_name_may_stand_under_it_and_the_one_before()
    {
        FileState state = One();
        FileNames.Set(ref state, Tag(2), Tag(1));
        Assert.Equal([1, 2], Names(state));
        Assert.Equal(FileStateFlags.None, state.Flags);
    }

    [Fact]
    public void Links_are_added_and_a_rename_forgets_what_is_no_more()
    {
        FileState state = One();
        FileNames.Add(ref state, Tag(2), Tag(1), []);
        FileNames.Add(ref state, Tag(3), Tag(1), []);
        Assert.Equal([1, 2, 3], Names(state));
        FileNames.Add(ref state, Tag(4), Tag(2), [Tag(1), Tag(2), Tag(3)]); // 2 becomes 4
        FileNames.Add(ref state, Tag(5), Tag(3), [Tag(1), Tag(3), Tag(4)]); // 3 becomes 5
        FileNames.Add(ref state, Tag(6), Tag(5), [Tag(1), Tag(4), Tag(5)]); // 5 becomes 6
        Assert.Equal([1, 3, 4, 5, 6], Names(state));
        FileNames.Set(ref state, Tag(7), Tag(6));
        Assert.Equal([6, 7], Names(state));
    }

    [Fact]
    public void More_names_than_there_is_room_for_are_not_checked_until_they_are_known_again()
    {
        FileState state = One();
        for (int name = 2; name <= 11; name++)
        {
            FileNames.Add(ref state, Tag(name), Tag(1), []);
        }

        Assert.Equal(Enumerable.Range(1, 11), Names(state));
        FileNames.Add(ref state, Tag(12), Tag(1), []);
        Assert.Equal(Enumerable.Range(1, 20), Names(state));
        FileNames.Add(ref state, Tag(13), Tag(1), []);
        Assert.Equal(Enumerable.Range(1, 20), Names(state));
        FileNames.Add(ref state, Tag(14), Tag(2), [Tag(1), Tag(2)]);
        Assert.Equal([1, 2, 13, 14], Names(state));
    }

    [Fact]
    public void A_file_linked_before_names_were_listed_is_not_checked()
    {
        FileState state = One();
        state.Flags = FileStateFlags.ManyNames;
        FileNames.Add(ref state, Tag(2), Tag(1), []);
        Assert.Equal(Enumerable.Range(1, 20), Names(state));
    }

    [Theory]
    [InlineData(FileStateFlags.None, 0, false)]                                               // names that are not listed
    [InlineData(FileStateFlags.ManyNames, 0, false)]
    [InlineData(FileStateFlags.NamesListed, -1, false)]                                       // listed, of a file of one name
    [InlineData(FileStateFlags.ManyNames | FileStateFlags.NamesListed, 1, false)]             // a gap
    [InlineData(FileStateFlags.ManyNames | FileStateFlags.NamesListed, 0, true)]
    [InlineData(FileStateFlags.ManyNames | FileStateFlags.NamesListed, -1, true)]
    public void A_record_has_other_names_where_they_are_listed_and_without_gaps(FileStateFlags flags, int at, bool good)
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 5);
        FileState state = One();
        state.Flags = flags;
        if (at >= 0)
        {
            state.OtherNames[at] = Tag(9);
        }

        byte[] record = new byte[FileHeader.StateRecordSize];
        FileHeader.WriteState(record, key, new FileId(Samples.Id(1)), state);
        Assert.Equal(good ? FormatStatus.Ok : FormatStatus.Corrupt, FileHeader.TryOpenState(record, key, new FileId(Samples.Id(1)), 12, out FileState read));
        Assert.Equal(good && at >= 0, read.OtherNames[0] == Tag(9));
    }

    private static FileState One() => new() { Name = Tag(1), PreviousName = Tag(1) };

    private static NameTag Tag(int name) => new(Samples.Id(name));

    private static int[] Names(FileState state) => [.. Enumerable.Range(1, 20).Where(name => FileNames.Has(state, Tag(name)))];
}

using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.FileSystem.Operations;
using Xunit;

namespace SecureVault.Tests.FileSystem.Operations;

/// <summary>The form of access control lists, and their arithmetic against a naive model.</summary>
public sealed class PosixAclTests
{
    internal static readonly (ushort Tag, ushort Permissions, uint Id)[] Small = [(0x01, 6, 0), (0x04, 4, 0), (0x20, 0, 0)];

    internal static readonly (ushort Tag, ushort Permissions, uint Id)[] Large = [(0x01, 7, 0), (0x02, 5, 1002), (0x02, 7, 1003), (0x04, 6, 0), (0x08, 1, 77), (0x10, 6, 0), (0x20, 1, 0)];

    internal static byte[] Bytes(params (ushort Tag, ushort Permissions, uint Id)[] entries) =>
    [
        2, 0, 0, 0,
        .. entries.SelectMany(e => (byte[])[.. BitConverter.GetBytes(e.Tag), .. BitConverter.GetBytes(e.Permissions), .. BitConverter.GetBytes(e.Tag is 2 or 8 ? e.Id : uint.MaxValue)]),
    ];

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "nothing", [] },
        { "a head alone", Bytes() },
        { "another version", [1, .. Bytes(Small)[1..]] },
        { "half an entry", Bytes(Small)[..^4] },
        { "no owner", Bytes(Small[1..]) },
        { "no others", Bytes(Small[..^1]) },
        { "two owners", Bytes([Small[0], .. Small]) },
        { "two masks", Bytes([.. Large[..6], .. Large[5..]]) },
        { "names and no mask", Bytes([.. Large[..5], Large[6]]) },
        { "another order", Bytes(Small[1], Small[0], Small[2]) },
        { "a user after the group", Bytes([Large[0], Large[3], Large[1], .. Large[5..]]) },
        { "an unknown tag", Bytes([.. Small, (0x40, 0, 0)]) },
        { "other bits", Bytes([(0x01, 8, 0), .. Small[1..]]) },
        { "a user without number", Bytes([Large[0], (0x02, 5, uint.MaxValue), .. Large[3..]]) },
        { "too long", Bytes([Large[0], .. Enumerable.Range(0, 512).Select(i => ((ushort)2, (ushort)7, (uint)i)), .. Large[3..]]) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_no_list_is_refused(string what, byte[] value)
    {
        Assert.False(PosixAcl.TryRead(value, out PosixAcl? acl), what);
        Assert.Null(acl);
    }

    [Fact]
    public void A_list_is_written_as_it_was_read()
    {
        foreach ((ushort Tag, ushort Permissions, uint Id)[] entries in new[] { Small, Large, [.. Small[..2], (0x10, 3, 0), Small[2]] })
        {
            Assert.True(PosixAcl.TryRead(Bytes(entries), out PosixAcl? acl));
            Assert.Equal(Bytes(entries), acl!.ToBytes());
            Assert.Equal(entries.Length == 3, acl.IsMinimal);
        }
    }

    [Fact]
    public void A_mode_and_a_list_say_the_same_of_each_other()
    {
        foreach ((Dictionary<ushort, uint> model, PosixAcl acl) in Samples(300))
        {
            Assert.Equal(ModeOf(model), acl.Mode);
            Assert.Equal((ModeOf(model) & 0x1C7) | ((model[4] & (ModeOf(model) >> 3) & 7) << 3), acl.ModeWithoutList);
            for (uint mode = 0; mode <= 0x1FF; mode += 7)
            {
                PosixAcl changed = acl.WithMode(mode);
                Assert.Equal(mode, changed.Mode);
                Assert.Equal(model.ContainsKey(0x10) ? model[4] : (mode >> 3) & 7, OfGroup(changed));
            }
        }
    }

    [Fact]
    public void What_a_folder_hands_on_gives_no_more_than_it_says_and_than_is_asked_for()
    {
        foreach ((Dictionary<ushort, uint> model, PosixAcl acl) in Samples(300))
        {
            for (uint asked = 0; asked <= 0x1FF; asked += 5)
            {
                Assert.Equal(ModeOf(model) & asked, acl.ForNew(asked).Mode);
                Assert.Equal(acl.IsMinimal, acl.ForNew(asked).IsMinimal);
            }
        }
    }

    private static uint ModeOf(Dictionary<ushort, uint> model) => (model[1] << 6) | ((model.TryGetValue(0x10, out uint mask) ? mask : model[4]) << 3) | model[0x20];

    private static uint OfGroup(PosixAcl acl)
    {
        byte[] bytes = acl.ToBytes();
        return Enumerable.Range(0, (bytes.Length - 4) / 8).Where(i => bytes[4 + i * 8] == 4).Select(i => (uint)bytes[6 + i * 8]).Single();
    }

    private static IEnumerable<(Dictionary<ushort, uint> Model, PosixAcl Acl)> Samples(int count)
    {
        var random = new Random(17);
        for (int i = 0; i < count; i++)
        {
            var entries = new List<(ushort Tag, ushort Permissions, uint Id)>();
            int named = random.Next(3);
            Add(0x01, 1);
            Add(0x02, named);
            Add(0x04, 1);
            Add(0x08, named);
            Add(0x10, named > 0 || random.Next(2) == 0 ? 1 : 0);
            Add(0x20, 1);
            Assert.True(PosixAcl.TryRead(Bytes([.. entries]), out PosixAcl? acl));
            yield return (entries.Where(e => e.Tag is not (2 or 8)).ToDictionary(e => e.Tag, e => (uint)e.Permissions), acl!);

            void Add(ushort tag, int times)
            {
                for (int k = 0; k < times; k++)
                {
                    entries.Add((tag, (ushort)random.Next(8), (uint)(1000 + k)));
                }
            }
        }
    }
}

using System;
using System.Buffers.Binary;
using System.Linq;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

/// <summary>Id128 beside the framework's own 128-bit number.</summary>
public sealed class Id128Tests
{
    private static readonly UInt128[] Numbers =
        [0, 1, ulong.MaxValue, (UInt128)ulong.MaxValue + 1, new(0x0123456789abcdef, 0xfedcba9876543210), new(0x8000000000000000, 0), UInt128.MaxValue];

    [Fact]
    public void It_is_stored_and_spelled_as_the_number_is()
    {
        foreach (UInt128 number in Numbers)
        {
            byte[] expected = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(expected, number);
            Id128 id = Of(number);
            byte[] stored = new byte[16];
            id.Write(stored);
            Assert.Equal(expected, stored);
            Assert.Equal(id, Id128.Read(stored));
            Assert.Equal(number.ToString("x32", null), id.ToString());
            Assert.True(Id128.TryParse(id.ToString(), out Id128 parsed));
            Assert.Equal(id, parsed);
            Assert.Equal(number == 0, id.IsZero);
        }
    }

    [Fact]
    public void It_is_ordered_and_equal_as_the_number_is()
    {
        foreach (UInt128 left in Numbers)
        {
            foreach (UInt128 right in Numbers)
            {
                (Id128 a, Id128 b) = (Of(left), Of(right));
                Assert.Equal(left == right, a == b);
                Assert.Equal(left < right, a < b);
                Assert.Equal(left > right, a > b);
                Assert.Equal(left <= right, a <= b);
                Assert.Equal(left >= right, a >= b);
                Assert.Equal(Math.Sign(left.CompareTo(right)), Math.Sign(a.CompareTo(b)));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdeffedcba987654321")]
    [InlineData("0123456789abcdeffedcba98765432100")]
    [InlineData("0123456789abcdeffedcba987654321g")]
    [InlineData(" 123456789abcdeffedcba9876543210")]
    [InlineData("0123456789abcdef-edcba9876543210")]
    public void What_is_not_32_digits_is_refused(string text) => Assert.False(Id128.TryParse(text, out _));

    [Fact]
    public void Random_ones_differ() => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Id128.Random()).Distinct().Count());

    [Fact]
    public void Too_short_a_place_is_left_alone()
    {
        byte[] place = new byte[15];
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.VaultId.Write(place));
        Assert.All(place, each => Assert.Equal(0, each));
    }

    private static Id128 Of(UInt128 number) => new((ulong)(number >> 64), (ulong)(number & ulong.MaxValue));
}

using System;
using System.Globalization;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>128 random bits that name one thing of a vault. 16 bytes, big-endian, wherever FORMAT.md stores one.</summary>
/// <remarks>
/// Two halves and not a UInt128: the compiler that runs ahead of time (ReadyToRun) leaves out each method that touches a UInt128 or an object that
/// holds one. A fresh drive would compile most of itself while it serves its first requests.
/// </remarks>
public readonly record struct Id128(ulong High, ulong Low) : IComparable<Id128>
{
    /// <summary>Bytes stored.</summary>
    public const int Size = 16;

    public bool IsZero => (High | Low) == 0;

    /// <summary>A fresh one; never zero, which means none.</summary>
    public static Id128 Random()
    {
        Span<byte> random = stackalloc byte[Size];
        RandomBytes.Fill(random);
        Id128 id = Read(random);
        return id.IsZero ? new Id128(0, 1) : id;
    }

    /// <summary>Reads the first 16 bytes.</summary>
    public static Id128 Read(ReadOnlySpan<byte> stored) => new(ReadUInt64BigEndian(stored), ReadUInt64BigEndian(stored[8..]));

    /// <summary>Writes 16 bytes to the start.</summary>
    public void Write(Span<byte> stored)
    {
        WriteUInt64BigEndian(stored[8..], Low);
        WriteUInt64BigEndian(stored, High);
    }

    /// <summary>Reads the 32 digits that ToString writes.</summary>
    public static bool TryParse(string text, out Id128 id)
    {
        id = default;
        if (text is not { Length: 2 * Size } || !TryParseHalf(text.AsSpan(0, Size), out ulong high) || !TryParseHalf(text.AsSpan(Size), out ulong low))
        {
            return false;
        }

        id = new Id128(high, low);
        return true;
    }

    /// <summary>In the order of the numbers, which is that of the stored bytes.</summary>
    public int CompareTo(Id128 other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public static bool operator <(Id128 left, Id128 right) => left.CompareTo(right) < 0;

    public static bool operator >(Id128 left, Id128 right) => left.CompareTo(right) > 0;

    public static bool operator <=(Id128 left, Id128 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Id128 left, Id128 right) => left.CompareTo(right) >= 0;

    public bool Equals(Id128 other) => High == other.High && Low == other.Low;

    /// <summary>The bits are random: any of them will do.</summary>
    public override int GetHashCode() => unchecked((int)(Low ^ High));

    /// <summary>32 hexadecimal digits, lower case.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    private static bool TryParseHalf(ReadOnlySpan<char> digits, out ulong half) => ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out half);
}

using System;
using System.Buffers.Binary;
using System.Globalization;

namespace SecureVault.Policy;

/// <summary>A SHA-256 digest as a value: compared without allocating. The default, all zeros, stands for none.</summary>
public readonly record struct Digest256(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    public bool IsNone => this == default;

    /// <summary>The digest in 32 bytes; none for an empty span.</summary>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public static Digest256 Of(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => default,
        Size => new Digest256(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[24..])),
        _ => throw new ArgumentException("A digest has 32 bytes.", nameof(bytes)),
    };

    /// <summary>64 hexadecimal digits in lower case.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{A:x16}{B:x16}{C:x16}{D:x16}");

    /// <summary>Reads what ToString wrote, or the same in capitals; false for anything else and for all zeros.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Digest256 digest)
    {
        digest = default;
        if (hex.Length != 2 * Size || !Part(hex, 0, out ulong a) || !Part(hex, 1, out ulong b) || !Part(hex, 2, out ulong c) || !Part(hex, 3, out ulong d))
        {
            return false;
        }

        digest = new Digest256(a, b, c, d);
        return !digest.IsNone;
    }

    private static bool Part(ReadOnlySpan<char> hex, int part, out ulong value) =>
        ulong.TryParse(hex.Slice(part * 16, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}

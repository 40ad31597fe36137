using System;

namespace SecureVault.Content;

/// <summary>One bit for each block, bit i%8 of byte i/8; 1 = hole.</summary>
internal static class HoleBits
{
    internal static bool Get(ReadOnlySpan<byte> bits, int index) => ((bits[index >> 3] >> (index & 7)) & 1) != 0;

    /// <summary>End of the run of equal bits that begins at start; at most end.</summary>
    internal static int RunEnd(ReadOnlySpan<byte> bits, int start, int end, bool value)
    {
        byte same = value ? byte.MaxValue : byte.MinValue;
        int index = start;
        while (index < end)
        {
            if ((index & 7) == 0 && end - index >= 8)
            {
                int skip = bits[(index >> 3)..(end >> 3)].IndexOfAnyExcept(same);
                index = skip < 0 ? end & ~7 : index + (skip * 8);
                if (index == end)
                {
                    break;
                }
            }

            if (Get(bits, index) != value)
            {
                return index;
            }

            index++;
        }

        return end;
    }

    /// <summary>Sets bits start..end-1.</summary>
    internal static void Set(Span<byte> bits, int start, int end, bool value)
    {
        int index = start;
        while (index < end)
        {
            if ((index & 7) == 0 && end - index >= 8)
            {
                bits[(index >> 3)..(end >> 3)].Fill(value ? byte.MaxValue : byte.MinValue);
                index = end & ~7;
                continue;
            }

            byte mask = unchecked((byte)(1 << (index & 7)));
            bits[index >> 3] = unchecked((byte)(value ? bits[index >> 3] | mask : bits[index >> 3] & ~mask));
            index++;
        }
    }
}

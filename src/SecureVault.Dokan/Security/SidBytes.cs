using System;
using System.Buffers.Binary;
using System.Globalization;

namespace SecureVault.Dokan.Security;

/// <summary>
/// A SID in bytes (MS-DTYP 2.4.2.2): revision 1 | count of parts | authority, 6 bytes big-endian | parts, 4 bytes little-endian each.
/// </summary>
internal static class SidBytes
{
    private const int MostParts = 15;
    private const int HeadSize = 8;

    /// <summary>False when the text is no SID.</summary>
    public static bool TryParse(string sid, out byte[] bytes)
    {
        bytes = [];
        string[] words = sid.Split('-');
        if (words.Length is < 4 or > MostParts + 3 || !words[0].Equals("S", StringComparison.OrdinalIgnoreCase) || words[1] != "1"
            || !ulong.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out ulong authority) || authority >> 48 != 0)
        {
            return false;
        }

        byte[] made = new byte[HeadSize + 4 * (words.Length - 3)];
        BinaryPrimitives.WriteUInt64BigEndian(made, authority);
        made[0] = 1;
        made[1] = (byte)(words.Length - 3);
        for (int i = 3; i < words.Length; i++)
        {
            if (!uint.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out uint part))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(HeadSize + 4 * (i - 3)), part);
        }

        bytes = made;
        return true;
    }
}

using System;
using System.Buffers;
using System.Text;

namespace SecureVault.FileSystem.Namespace;

/// <summary>What is left of a name when case is ignored: each UTF-16 unit in simple upper case, as NT file systems compare names.</summary>
internal static class CaseFold
{
    // Bytes that are no UTF-8 become halves of surrogate pairs, which no valid name has.
    private const int Odd = 0xDC00;

    /// <summary>Two names are the same but for case exactly when their folds are equal.</summary>
    public static string Fold(ReadOnlySpan<byte> name)
    {
        Span<char> folded = name.Length <= 256 ? stackalloc char[256] : new char[name.Length];
        int length = 0;
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                length += rune.EncodeToUtf16(folded[length..]);
            }
            else
            {
                foreach (byte one in name[..consumed])
                {
                    folded[length++] = (char)(Odd + one);
                }
            }

            name = name[consumed..];
        }

        folded = folded[..length];
        for (int i = 0; i < folded.Length; i++)
        {
            folded[i] = char.ToUpperInvariant(folded[i]);
        }

        return folded.ToString();
    }
}

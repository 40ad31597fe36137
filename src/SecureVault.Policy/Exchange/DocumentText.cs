using System.Globalization;
using System.Text;

namespace SecureVault.Policy.Exchange;

/// <summary>What a document says, for a message.</summary>
internal static class DocumentText
{
    private const int Longest = 80;

    /// <summary>Without what a terminal might obey, and not longer than a line.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length >= Longest)
            {
                return shown.Append("...").ToString();
            }

            bool plain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            shown.Append(plain ? rune.ToString() : "?");
        }

        return shown.ToString();
    }
}

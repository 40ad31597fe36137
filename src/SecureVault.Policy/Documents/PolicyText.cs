using System.Globalization;
using System.Text;

namespace SecureVault.Policy.Documents;

/// <summary>Free text in a policy: what people are shown must be what it looks like.</summary>
internal static class PolicyText
{
    /// <summary>Whether every character can be seen: no control, format, surrogate, private or unassigned ones, and no line ends.</summary>
    public static bool IsShown(string text)
    {
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool whole = Rune.TryGetRuneAt(text, at, out _);
            at += rune.Utf16SequenceLength;
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (!whole || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it is a line that says something.</summary>
    public static bool IsLine(string text, int longest) => text.Length > 0 && text.Length <= longest && text == text.Trim() && IsShown(text);
}

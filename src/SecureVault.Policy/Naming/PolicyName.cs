using System;
using System.Globalization;
using System.Text;

namespace SecureVault.Policy.Naming;

/// <summary>The grammar of every name a policy holds: of departments (each part), levels, compartments, users, groups. POLICY.md, "Names".</summary>
/// <remarks>
/// Letters, digits and marks of any script, single blanks within, and the characters of Signs; the first character is a letter, a
/// digit, '_' or '''. 1 to 64 UTF-16 units, composed form (see ComposedForm). Names that differ only in case are the same name; the
/// first spelling is kept.
/// </remarks>
internal static class PolicyName
{
    /// <summary>Longest name, in UTF-16 units.</summary>
    public const int MaxLength = 64;

    /// <summary>Longest department path, in UTF-16 units.</summary>
    public const int MaxPathLength = 128;

    /// <summary>The compartment that stands for all of them, in grants only.</summary>
    public const string AllCompartments = "*";

    /// <summary>What names hold besides letters, digits and marks.</summary>
    private const string Signs = @"-_.@\&'+#()$";

    /// <summary>What they held before a document's format was 3.</summary>
    private const string PlainSigns = "-_.";

    /// <summary>How all names are compared.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>Null when the name is fine, else what is wrong with it, as a sentence for a person.</summary>
    public static string? Problem(string kind, ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return $"The name of a {kind} may not be empty.";
        }

        if (name.Length > MaxLength)
        {
            return $"The name of a {kind} may have at most {MaxLength} characters.";
        }

        int previous = 0;
        int at = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            string? reason = Reason(rune, previous, isLast: at >= name.Length)
                ?? (ComposedForm.Allows(previous, rune.Value) ? null : "type accented letters as one character (Unicode NFC)");
            if (reason is not null)
            {
                return $"'{Shown(name)}' is no name for a {kind}: {reason}.";
            }

            previous = rune.Value;
        }

        return null;
    }

    /// <summary>As Problem, for a department path: names joined by '/'.</summary>
    public static string? PathProblem(string path)
    {
        if (path.Length > MaxPathLength)
        {
            return $"A department with those above it may have at most {MaxPathLength} characters.";
        }

        foreach (Range part in path.AsSpan().Split('/'))
        {
            if (Problem("department", path.AsSpan(part)) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Whether a name (or a path of names) that has no problem is one that documents of format 1 and 2 may hold.</summary>
    public static bool IsPlain(ReadOnlySpan<char> name)
    {
        foreach (char character in name)
        {
            if (char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) && character != '/' && !PlainSigns.Contains(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Null when fine: "S-1-" and numbers joined by '-', upper case, at most 15 after the authority.</summary>
    public static string? SidProblem(string sid)
    {
        string problem = $"'{Shown(sid)}' is no SID: one looks like S-1-5-21-1004336348-1177238915-682003330-512.";
        if (!sid.StartsWith("S-1-", StringComparison.Ordinal) || sid.Length > 190)
        {
            return problem;
        }

        int parts = 0;
        foreach (Range range in sid.AsSpan(4).Split('-'))
        {
            ReadOnlySpan<char> part = sid.AsSpan(4)[range];
            ulong limit = parts == 0 ? 0xFFFF_FFFF_FFFFUL : uint.MaxValue;
            if (!ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) || number > limit || (part.Length > 1 && part[0] == '0'))
            {
                return problem;
            }

            parts++;
        }

        return parts is >= 2 and <= 16 ? null : problem;
    }

    /// <summary>The one spelling of a compartment. There is no list of compartments to keep a first spelling in.</summary>
    public static string FoldCompartment(string compartment) => compartment.ToUpperInvariant().ToLowerInvariant();

    /// <summary>True when a grant on the first department covers the second: the same one, or one below it.</summary>
    public static bool Covers(string granted, string department) =>
        department.StartsWith(granted, StringComparison.OrdinalIgnoreCase)
        && (department.Length == granted.Length || department[granted.Length] == '/');

    /// <summary>Why a character cannot stand where it stands; null when it can.</summary>
    private static string? Reason(Rune rune, int previous, bool isLast)
    {
        bool first = previous == 0;
        if (rune.Value == ' ')
        {
            return first || isLast ? "it begins or ends with a blank, which nobody sees"
                : previous == ' ' ? "it has two blanks in a row, which look like one"
                : null;
        }

        if (!rune.IsAscii)
        {
            return OfCategory(rune, first);
        }

        if (Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '\'')
        {
            return null;
        }

        return !Signs.Contains((char)rune.Value) ? Reserved((char)rune.Value)
            : first ? $"it begins with '{rune}'; a name begins with a letter, a digit, '_' or ''', so that nothing takes it for an option or a path"
            : null;
    }

    private static string Reserved(char character) => character switch
    {
        ':' => "':' stands between department, level and compartment",
        '/' => "'/' stands between a department and one below it",
        ',' => "',' stands between names in a list",
        '=' => "'=' stands between a level and its aliases",
        '*' => "'*' stands for every compartment",
        < ' ' or '\u007f' => $"it has a control character ({Number(new Rune(character))})",
        _ => $"'{character}' is none of the characters that names have: letters, digits, {string.Join(' ', Signs.ToCharArray())} and single blanks",
    };

    private static string? OfCategory(Rune rune, bool first) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => null,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber => null,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => first ? "it begins with a mark that belongs on a letter" : null,
        UnicodeCategory.Control => $"it has a control character ({Number(rune)})",
        UnicodeCategory.Format => $"it has a character that is not seen or turns the direction of what follows ({Number(rune)})",
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => $"it has a blank that is not the usual one ({Number(rune)}), and the two look alike",
        UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => $"it has a printer's quotation mark ({Number(rune)}); type ' instead",
        UnicodeCategory.DashPunctuation => $"it has a printer's dash ({Number(rune)}); type - instead",
        _ => $"{Number(rune)} is no letter or digit of any script",
    };

    private static string Number(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    /// <summary>The name with what a terminal might obey taken out, for a message.</summary>
    private static string Shown(ReadOnlySpan<char> name)
    {
        var shown = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool plain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            shown.Append(plain ? rune.ToString() : "?");
        }

        return shown.ToString();
    }
}

using System;
using System.Globalization;
using System.Text;

namespace SecureVault.Policy.Naming;

/// <summary>The grammar of every name a policy holds: of departments (each part), levels, compartments, users, groups.</summary>
/// <remarks>
/// Letters, digits and marks of any script, '-', '_', '.'; the first character is a letter, a digit or '_'. 1 to 64 UTF-16
/// units, composed form (see ComposedForm). Names that differ only in case are the same name; the first spelling is kept.
/// </remarks>
internal static class PolicyName
{
    /// <summary>Longest name, in UTF-16 units.</summary>
    public const int MaxLength = 64;

    /// <summary>Longest department path, in UTF-16 units.</summary>
    public const int MaxPathLength = 128;

    /// <summary>The compartment that stands for all of them, in grants only.</summary>
    public const string AllCompartments = "*";

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
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (!IsAllowed(rune, previous == 0))
            {
                return $"'{Shown(name)}' is no name for a {kind}: names are letters, digits, '-', '_' and '.', and begin with a letter or digit.";
            }

            if (!ComposedForm.Allows(previous, rune.Value))
            {
                return $"'{Shown(name)}' is no name for a {kind}: type accented letters as one character (Unicode NFC).";
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

    private static bool IsAllowed(Rune rune, bool first)
    {
        if (rune.IsAscii)
        {
            return Rune.IsLetterOrDigit(rune) || rune.Value == '_' || (!first && rune.Value is '-' or '.');
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => true,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber => true,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => !first,
            _ => false,
        };
    }

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

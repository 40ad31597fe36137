using System;

namespace SecureVault.Dokan.Names;

/// <summary>Search patterns as NT file systems match them (FsRtlIsNameInExpression; MS-FSA 2.1.4.4), ignoring case.</summary>
/// <remarks>
/// * any characters; ? one; &lt; (DOS_STAR) any characters but the name's last dot; &gt; (DOS_QM) one character, or nothing at a dot
/// or the end; " (DOS_DOT) a dot, or nothing at the end.
/// </remarks>
internal static class NameExpression
{
    private const int MostOnStack = 512;

    /// <summary>True when the pattern gives every name.</summary>
    public static bool MatchesAll(string? pattern) => string.IsNullOrEmpty(pattern) || pattern == "*";

    /// <summary>Takes time in proportion to both lengths multiplied, whatever the pattern.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // now[i]: the first i pattern characters have matched what was read of the name.
        int states = pattern.Length + 1;
        Span<bool> now = states <= MostOnStack ? stackalloc bool[MostOnStack] : new bool[states];
        Span<bool> next = states <= MostOnStack ? stackalloc bool[MostOnStack] : new bool[states];
        now = now[..states];
        next = next[..states];
        now.Clear();
        now[0] = true;
        int lastDot = name.LastIndexOf('.');
        for (int at = 0; at < name.Length; at++)
        {
            next.Clear();
            for (int i = 0; i < pattern.Length; i++)
            {
                if (now[i])
                {
                    Step(pattern[i], name[at], at == lastDot, i, now, next);
                }
            }

            Span<bool> old = now;
            now = next;
            next = old;
        }

        for (int i = 0; i < pattern.Length; i++)
        {
            now[i + 1] |= now[i] && (pattern[i] is '*' or '<' or '>' or '"');
        }

        return now[pattern.Length];
    }

    // What pattern character i does with one character of the name: it may take it (next) or stand aside (now[i + 1]).
    private static void Step(char wanted, char found, bool isLastDot, int i, Span<bool> now, Span<bool> next)
    {
        switch (wanted)
        {
            case '*':
                next[i] = true;
                now[i + 1] = true;
                break;
            case '<':
                next[i] |= !isLastDot;
                now[i + 1] = true;
                break;
            case '?':
                next[i + 1] = true;
                break;
            case '>' when found == '.':
                now[i + 1] = true;
                break;
            case '>':
                next[i + 1] = true;
                break;
            case '"':
                next[i + 1] |= found == '.';
                break;
            default:
                next[i + 1] |= char.ToUpperInvariant(wanted) == char.ToUpperInvariant(found);
                break;
        }
    }
}

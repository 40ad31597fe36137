using System;

namespace SecureVault.Policy;

/// <summary>Patterns of paths inside a vault: "/Payroll", "/Clients/*/contracts", "/**/*.xlsx". A pattern covers what it names and everything below.</summary>
/// <remarks>
/// "*" stands for any characters within one name, "?" for one, "**" as a whole name for any number of folders. Case is ignored: what a pattern takes away
/// must not come back by another spelling on a drive that ignores case. Pure; no method allocates but for a problem's sentence.
/// </remarks>
public static class PathGlob
{
    private const int MaxLength = 1024;
    private const string Folders = "**";

    /// <summary>What is wrong with a pattern, as a sentence, or null.</summary>
    public static string? Problem(string glob)
    {
        ArgumentNullException.ThrowIfNull(glob);
        if (glob.Length is 0 or > MaxLength || glob[0] != '/')
        {
            return $"'{glob}' is no pattern of paths: it begins with / and has at most {MaxLength} characters, for example /Payroll or /Clients/*/contracts.";
        }

        if (glob == "/")
        {
            return null;
        }

        foreach (string name in glob[1..].Split('/'))
        {
            if (name is "" or "." or ".." || (name.Contains(Folders, StringComparison.Ordinal) && name != Folders))
            {
                return $"'{glob}' is no pattern of paths: {(name.Length == 0 ? "an empty name" : $"'{name}'")} is none; ** stands alone between two /, and . and .. are not followed.";
            }

            foreach (char c in name)
            {
                if (char.IsControl(c))
                {
                    return $"the pattern of paths has a control character (U+{(int)c:X4}).";
                }
            }
        }

        return null;
    }

    /// <summary>Whether the pattern covers a path that begins with /.</summary>
    public static bool Covers(ReadOnlySpan<char> glob, ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> afterStar = default;
        ReadOnlySpan<char> left = default;
        bool starred = false;
        while (true)
        {
            if (glob.Length <= 1)
            {
                return true; // what it names, or lies below
            }

            ReadOnlySpan<char> wanted = First(glob);
            if (wanted.SequenceEqual(Folders))
            {
                glob = afterStar = Rest(glob);
                left = path;
                starred = true;
            }
            else if (path.Length > 1 && NameMatches(wanted, First(path)))
            {
                glob = Rest(glob);
                path = Rest(path);
            }
            else if (starred && left.Length > 1)
            {
                path = left = Rest(left);
                glob = afterStar;
            }
            else
            {
                return false;
            }
        }
    }

    private static ReadOnlySpan<char> First(ReadOnlySpan<char> path)
    {
        int end = path[1..].IndexOf('/');
        return end < 0 ? path[1..] : path.Slice(1, end);
    }

    private static ReadOnlySpan<char> Rest(ReadOnlySpan<char> path)
    {
        int end = path[1..].IndexOf('/');
        return end < 0 ? default : path[(1 + end)..];
    }

    private static bool NameMatches(ReadOnlySpan<char> glob, ReadOnlySpan<char> name)
    {
        int g = 0;
        int n = 0;
        int star = -1;
        int left = 0;
        while (n < name.Length)
        {
            if (g < glob.Length && glob[g] == '*')
            {
                star = g++;
                left = n;
            }
            else if (g < glob.Length && (glob[g] == '?' || char.ToUpperInvariant(glob[g]) == char.ToUpperInvariant(name[n])))
            {
                g++;
                n++;
            }
            else if (star >= 0)
            {
                g = star + 1;
                n = ++left;
            }
            else
            {
                return false;
            }
        }

        return glob[g..].Trim('*').IsEmpty;
    }
}

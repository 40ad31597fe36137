using System;
using System.Collections.Generic;
using System.Linq;

namespace SecureVault.Policy.Exchange;

/// <summary>The name that somebody meant who typed another. Case is ignored.</summary>
public static class NearestName
{
    private const int Longest = 128;

    /// <summary>" (did you mean alice?)" where one of the names is a few letters off, else nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> names)
    {
        int most = Math.Max(1, typed.Length / 3);
        string? near = typed.Length > Longest ? null : names.Where(n => Math.Abs(n.Length - typed.Length) <= most)
            .Select(n => (Name: n, Off: Distance(n.ToUpperInvariant(), typed.ToUpperInvariant()))).Where(n => n.Off <= most)
            .OrderBy(n => n.Off).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => n.Name).FirstOrDefault();
        return near is null ? "" : $" (did you mean {near}?)";
    }

    /// <summary>Letters to add, take away, change, or exchange with their neighbour.</summary>
    public static int Distance(string one, string other)
    {
        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int k = 0; k <= other.Length; k++)
            {
                cost[i, k] = i == 0 || k == 0 ? i + k : Math.Min(Math.Min(cost[i - 1, k], cost[i, k - 1]) + 1, cost[i - 1, k - 1] + (one[i - 1] == other[k - 1] ? 0 : 1));
                if (i > 1 && k > 1 && one[i - 1] == other[k - 2] && one[i - 2] == other[k - 1])
                {
                    cost[i, k] = Math.Min(cost[i, k], cost[i - 2, k - 2] + 1);
                }
            }
        }

        return cost[one.Length, other.Length];
    }
}

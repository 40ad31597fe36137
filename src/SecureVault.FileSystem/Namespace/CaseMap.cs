using System;
using System.Collections.Generic;

namespace SecureVault.FileSystem.Namespace;

/// <summary>The names of a folder by their folds: made once from a listing, then kept up with the folder's changes.</summary>
/// <remarks>Under the folder's Changes.</remarks>
internal sealed class CaseMap
{
    // Nearly every fold has one name; the array is replaced when there are more, and stays in ordinal order.
    private readonly Dictionary<string, byte[][]> _names = new(StringComparer.Ordinal);

    public void Add(ReadOnlySpan<byte> name)
    {
        string fold = CaseFold.Fold(name);
        byte[][] known = _names.GetValueOrDefault(fold) ?? [];
        int at = 0;
        while (at < known.Length && known[at].AsSpan().SequenceCompareTo(name) < 0)
        {
            at++;
        }

        if (at == known.Length || !name.SequenceEqual(known[at]))
        {
            _names[fold] = [.. known.AsSpan(0, at), name.ToArray(), .. known.AsSpan(at)];
        }
    }

    public void Remove(ReadOnlySpan<byte> name)
    {
        string fold = CaseFold.Fold(name);
        byte[][] known = _names.GetValueOrDefault(fold) ?? [];
        for (int i = 0; i < known.Length; i++)
        {
            if (name.SequenceEqual(known[i]))
            {
                if (known.Length == 1)
                {
                    _ = _names.Remove(fold);
                }
                else
                {
                    _names[fold] = [.. known.AsSpan(0, i), .. known.AsSpan(i + 1)];
                }

                return;
            }
        }
    }

    /// <summary>The first name of that fold in the order of bytes, or null.</summary>
    public byte[]? Find(ReadOnlySpan<byte> name) => _names.TryGetValue(CaseFold.Fold(name), out byte[][]? known) ? known[0] : null;
}

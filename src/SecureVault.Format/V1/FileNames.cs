using System;
using System.Runtime.CompilerServices;

namespace SecureVault.Format.V1;

/// <summary>The names a file may stand under, as its state record has them.</summary>
/// <remarks>Any thread; allocates nothing. A file whose names are too many for the record, or were not listed by the build that linked it, may stand under any.</remarks>
public static class FileNames
{
    /// <summary>Whether the file may stand under a name.</summary>
    public static bool Has(in FileState state, NameTag tag)
    {
        if (tag == state.Name || tag == state.PreviousName)
        {
            return true;
        }

        return (state.Flags & FileStateFlags.ManyNames) != 0
            && ((state.Flags & FileStateFlags.NamesListed) == 0 || ((ReadOnlySpan<NameTag>)state.OtherNames).Contains(tag));
    }

    /// <summary>The file's only name is to be another; previous stays good, for a rename may stop half-way.</summary>
    public static void Set(ref FileState state, NameTag name, NameTag previous)
    {
        state.Name = name;
        state.PreviousName = previous;
        state.OtherNames = default;
        state.Flags &= ~(FileStateFlags.ManyNames | FileStateFlags.NamesListed);
    }

    /// <summary>A file of several names gets another one; those that it had stay good.</summary>
    /// <param name="known">All names that it has now, when they are known for certain: what else was listed is forgotten. Empty when they are not.</param>
    public static void Add(ref FileState state, NameTag name, NameTag previous, ReadOnlySpan<NameTag> known)
    {
        FileState before = state;
        bool listed = !known.IsEmpty || (before.Flags & (FileStateFlags.ManyNames | FileStateFlags.NamesListed)) != FileStateFlags.ManyNames;
        Set(ref state, name, previous);
        state.Flags |= FileStateFlags.ManyNames | (listed ? FileStateFlags.NamesListed : 0);
        if (!listed)
        {
            return;
        }

        Keep(ref state, before.Name);
        Keep(ref state, before.PreviousName);
        foreach (NameTag tag in known.IsEmpty ? before.OtherNames : known)
        {
            Keep(ref state, tag);
        }
    }

    private static void Keep(ref FileState state, NameTag tag)
    {
        if (tag == default || Has(state, tag))
        {
            return;
        }

        int free = ((ReadOnlySpan<NameTag>)state.OtherNames).IndexOf(default(NameTag));
        if (free >= 0)
        {
            state.OtherNames[free] = tag;
            return;
        }

        state.OtherNames = default;
        state.Flags &= ~FileStateFlags.NamesListed; // too many: from here on Has says yes to all
    }
}

/// <summary>Names of a file beside name and previous name; unused ones are zero, and come last.</summary>
[InlineArray(Count)]
public struct OtherNames
{
    /// <summary>As many as a state record has room for.</summary>
    public const int Count = 9;

    private NameTag _first;
}

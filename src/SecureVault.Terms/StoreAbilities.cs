using System.Collections.Generic;

namespace SecureVault.Terms;

/// <summary>What a backing folder's file system was found to do, by trying it.</summary>
public sealed record StoreAbilities
{
    /// <summary>Modes and owners stay as they were set; without, a drive could not tell who may what.</summary>
    public bool KeepsModes { get; init; }

    /// <summary>Longest name in bytes, 255 at most; stored names take all of them.</summary>
    public int LongestName { get; init; }

    /// <summary>A lock keeps a second opener out.</summary>
    public bool Locks { get; init; }

    /// <summary>Two names change places in one step (renameat2's flags).</summary>
    public bool Exchanges { get; init; }

    /// <summary>A file may have several names.</summary>
    public bool HardLinks { get; init; }

    /// <summary>Longest target of a symbolic link in bytes, 4095 at most; 0: there are none.</summary>
    public int LongestLinkTarget { get; init; }

    /// <summary>Named pipes and sockets.</summary>
    public bool Pipes { get; init; }

    /// <summary>Largest value of an extended attribute in bytes, 65536 at most; 0: there are none.</summary>
    public int LargestAttribute { get; init; }

    /// <summary>Space can be reserved (fallocate).</summary>
    public bool Allocates { get; init; }

    /// <summary>Space in the middle of a file can be given back.</summary>
    public bool PunchesHoles { get; init; }

    /// <summary>Names that differ in case only are two names.</summary>
    public bool TellsCase { get; init; }

    /// <summary>A file has the same number by its name and by its handle.</summary>
    public bool StableNumbers { get; init; }

    /// <summary>What a vault cannot do without, each as the end of "does not"; empty when all is there.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            const int stored = 255;
            var missing = new List<string>();
            Add(KeepsModes, "keep modes and owners of files");
            Add(LongestName >= stored, $"keep names of {stored} bytes (its longest has {LongestName})");
            Add(Locks, "lock files, so that two programs could open the vault at once");
            Add(StableNumbers, "number its files reliably");
            return missing;

            void Add(bool there, string what)
            {
                if (!there)
                {
                    missing.Add(what);
                }
            }
        }
    }
}

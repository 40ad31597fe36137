using System.Collections.Generic;
using System.Threading;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Stored;

/// <summary>Files whose content the disk may not have: what is lost once in writing back is lost, and a later sync that succeeds does not say so.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class UnsavedFiles
{
    private const int MostNamed = 100;

    /// <summary>Protects the paths. A leaf.</summary>
    private readonly Lock _gate = new();
    private readonly SortedSet<string> _paths = new(System.StringComparer.Ordinal);

    /// <summary>Paths of the first hundred.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_gate)
            {
                return [.. _paths];
            }
        }
    }

    private volatile bool _any;

    /// <summary>Whether there is any, or something else is known to be amiss.</summary>
    public bool Any => _any;

    /// <summary>Takes note of a commit that failed.</summary>
    /// <param name="last">It is not tried again.</param>
    public void Note(Node node, VaultStatus status, bool last)
    {
        // For want of room nothing is lost: the next try may find it.
        if (last || status == VaultStatus.InputOutput)
        {
            _any = true;
            lock (_gate)
            {
                _ = _paths.Count < MostNamed && _paths.Add(AuditTrail.PathOf(node));
            }
        }
    }

    /// <summary>Takes note that something failed that has no name.</summary>
    public void Note() => _any = true;
}

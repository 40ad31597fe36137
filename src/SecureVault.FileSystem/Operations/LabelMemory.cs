using System;
using System.Collections.Generic;
using System.Threading;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Operations;

/// <summary>The labels of names that files have just lost, so that a document saved by way of a new file keeps its label.</summary>
/// <remarks>Any thread. POLICY.md says what it is for.</remarks>
internal sealed class LabelMemory(TimeProvider clock)
{
    private const int Limit = 1024;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(15);

    /// <summary>Protects the two below; a leaf.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<(DirectoryId Folder, string Fold), Remembered> _names = [];
    private readonly Queue<((DirectoryId Folder, string Fold) Name, DateTimeOffset Ends)> _order = new();

    /// <summary>A file with that label key has lost its name.</summary>
    public void Note(DirectoryId folder, ReadOnlySpan<byte> name, KeyId key)
    {
        DateTimeOffset now = clock.GetUtcNow();
        (DirectoryId, string) place = (folder, CaseFold.Fold(name));
        lock (_lock)
        {
            while (_order.TryPeek(out ((DirectoryId, string) Name, DateTimeOffset Ends) oldest) && (oldest.Ends <= now || _order.Count >= Limit))
            {
                _ = _order.Dequeue();
                if (_names.TryGetValue(oldest.Name, out Remembered last) && last.Ends == oldest.Ends)
                {
                    _ = _names.Remove(oldest.Name);
                }
            }

            _names[place] = new Remembered(key, now + Span);
            _order.Enqueue((place, now + Span));
        }
    }

    /// <summary>The label key that the name had, or none.</summary>
    public bool TryFind(DirectoryId folder, ReadOnlySpan<byte> name, out KeyId key)
    {
        lock (_lock)
        {
            key = default;
            if (_names.Count == 0 || !_names.TryGetValue((folder, CaseFold.Fold(name)), out Remembered found) || found.Ends <= clock.GetUtcNow())
            {
                return false;
            }

            key = found.Key;
            return true;
        }
    }

    private readonly record struct Remembered(KeyId Key, DateTimeOffset Ends);
}

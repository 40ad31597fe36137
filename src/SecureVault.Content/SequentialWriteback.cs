using SecureVault.Storage;

namespace SecureVault.Content;

/// <summary>Sends what is written in a row on its way to the disk, so that the disk works while the next is sealed and who syncs waits for little.</summary>
/// <remarks>Of one stored file, under its file's exclusive lock. A closed file is made durable within seconds anyway: nothing is written that would not be.</remarks>
internal struct SequentialWriteback
{
    /// <summary>Stored bytes: enough that asking costs little beside it.</summary>
    internal const int Stretch = 1 << 18;

    private const int Page = 4096;

    private long _from;
    private long _to;

    /// <summary>Blocks were written there. In a row is also what begins with the last block anew.</summary>
    /// <param name="block">Stored bytes of a whole block: the last one is not sent, for a write in its middle is to come.</param>
    internal void Note(IBackingStore store, StoreHandle file, long offset, int length, int block)
    {
        _from = offset <= _to && offset >= _to - block ? _from : offset;
        _to = offset + length;
        long ready = ((_to - block) & -Page) - _from;
        if (ready >= Stretch)
        {
            store.BeginWriteback(file, _from, ready);
            _from += ready;
        }
    }
}

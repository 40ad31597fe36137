using System;
using System.Threading;

namespace SecureVault.FileSystem.Namespace;

/// <summary>The last names that lookups found missing, as the store would spell them: a kernel looks a name up before it makes it.</summary>
/// <remarks>Any thread. A fixed number of names, in fixed memory. Long names are not kept: a new one writes a companion, which a wrong answer here would cost.</remarks>
internal sealed class MissingNames
{
    private const int Count = 64;

    private readonly Slot[] _slots = new Slot[Count];

    public MissingNames()
    {
        for (int i = 0; i < Count; i++)
        {
            _slots[i] = new Slot();
        }
    }

    /// <summary>The store did not have a name.</summary>
    /// <param name="version">The folder's, before the store was asked.</param>
    public void Note(Folder folder, ReadOnlySpan<byte> name, in EntryName entry, long version)
    {
        if (!entry.IsLong)
        {
            Slot slot = SlotOf(name);
            lock (slot.Gate)
            {
                name.CopyTo(slot.Name);
                slot.Length = name.Length;
                slot.Entry = entry;
                slot.Version = version;
                slot.Folder = folder;
            }
        }
    }

    /// <summary>Whether a name is still missing: it was, and no name of the folder changed since. Under the folder's Changes; answers once.</summary>
    public bool TryTake(Folder folder, ReadOnlySpan<byte> name, ref EntryName entry)
    {
        Slot slot = SlotOf(name);
        lock (slot.Gate)
        {
            if (slot.Folder != folder || !name.SequenceEqual(slot.Name.AsSpan(0, slot.Length)))
            {
                return false;
            }

            slot.Folder = null;
            entry = slot.Entry;
            return slot.Version == folder.Version;
        }
    }

    private Slot SlotOf(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return _slots[hash.ToHashCode() & (Count - 1)];
    }

    private sealed class Slot
    {
        /// <summary>Protects all below; a leaf.</summary>
        public Lock Gate { get; } = new();
        public byte[] Name { get; } = new byte[Format.V1.NameCodec.MaxPlainName];
        public int Length;
        public EntryName Entry;
        public long Version;

        /// <summary>Null when the slot holds nothing.</summary>
        public Folder? Folder;
    }
}

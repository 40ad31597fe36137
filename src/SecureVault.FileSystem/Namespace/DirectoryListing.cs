using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>A part of a folder's names at one moment, each plain and then as stored, in one block of bytes.</summary>
/// <remarks>One thread. The store's cookies stay with the names: what follows one is the same for every reader and after any change.</remarks>
internal sealed class DirectoryListing : IStoreEntrySink
{
    private readonly IBackingStore _store;
    private readonly NameCodec _names;
    private readonly Companions _companions;
    private readonly Folder _folder;
    private readonly DirectoryId _id;
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private readonly List<Item> _items = [];
    private StoreHandle _handle;
    private ulong _begin;
    private int _most;
    private int _taken;

    public DirectoryListing(IBackingStore store, NameCodec names, Companions companions, in FolderLease folder)
    {
        _store = store;
        _names = names;
        _companions = companions;
        _handle = folder.Handle;
        _folder = folder.Folder;
        _id = folder.Id;
    }

    public int Count => _items.Count;

    /// <summary>The store's cookie behind this part.</summary>
    public ulong End { get; private set; }

    /// <summary>Nothing follows this part.</summary>
    public bool IsLast { get; private set; }

    /// <summary>The folder's version before the part was read.</summary>
    public long Version { get; private set; }

    /// <summary>Stored names that no key of this folder opens: not shown, but counted, over all parts since the beginning.</summary>
    public int Unreadable { get; private set; }

    public ReadOnlySpan<byte> Name(int index) => _text.WrittenSpan.Slice(_items[index].Start, _items[index].Length);

    /// <summary>The name as the store spells it.</summary>
    public ReadOnlySpan<byte> Stored(int index) => _text.WrittenSpan.Slice(_items[index].Start + _items[index].Length, _items[index].StoredLength);

    public ulong Inode(int index) => _items[index].Inode;

    public NodeKind Kind(int index) => _items[index].Kind;

    /// <summary>The store's cookie behind an entry.</summary>
    public ulong Next(int index) => _items[index].Next;

    /// <summary>Reads the part that begins at a cookie of the store, in place of the part before.</summary>
    /// <param name="handle">The folder, or the folder through another handle.</param>
    /// <param name="most">Stored entries to read at most.</param>
    public VaultStatus Load(StoreHandle handle, ulong cookie, int most = int.MaxValue)
    {
        _handle = handle;
        _text.ResetWrittenCount();
        _items.Clear();
        (_begin, End, _most, _taken, IsLast) = (cookie, cookie, most, 0, true);
        Unreadable = cookie == 0 ? 0 : Unreadable;
        Version = Volatile.Read(ref _folder.Version);
        return _store.List(handle, cookie, this);
    }

    /// <summary>The entry that follows a cookie of the store, Count behind the last; -1 when another part must be read for it.</summary>
    /// <param name="guess">Where to look first.</param>
    public int IndexAfter(ulong cookie, int guess)
    {
        int found = cookie == _begin ? 0
            : guess > 0 && guess <= Count && _items[guess - 1].Next == cookie ? guess
            : cookie == End ? Count // what is not shown may stand behind the last
            : Behind(_items.FindIndex(i => i.Next == cookie));
        return found == Count && !IsLast ? -1 : found;
    }

    public bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie)
    {
        if (_taken == _most)
        {
            IsLast = false;
            return false;
        }

        _taken++;
        End = nextCookie;
        if (IsNotShown(storedName))
        {
            return true;
        }

        if (!TryOpen(storedName, out int length) && !TryOpenAlone(storedName, out length))
        {
            return true;
        }

        _items.Add(new Item(inode, nextCookie, _text.WrittenCount, (byte)length, (byte)storedName.Length, kind));
        _text.Advance(length);
        _text.Write(storedName);
        return true;
    }

    /// <summary>True for the engine's own files (records, half-made things, companions of long names) and for what other programs leave in any folder.</summary>
    public static bool IsNotShown(ReadOnlySpan<byte> storedName) => storedName.StartsWith("securevault."u8) || storedName.EndsWith(".name"u8) || ForeignNames.IsKnown(storedName);

    private static int Behind(int index) => index < 0 ? -1 : index + 1;

    // Between the store's answer and the reading of its companion a name may have been removed, or removed and made anew.
    private bool TryOpenAlone(ReadOnlySpan<byte> storedName, out int length)
    {
        length = 0;
        lock (_folder.Changes)
        {
            if (_store.Stat(_handle, storedName, out _) == VaultStatus.NotFound)
            {
                return false;
            }

            bool opened = TryOpen(storedName, out length);
            Unreadable += opened ? 0 : 1;
            return opened;
        }
    }

    private bool TryOpen(ReadOnlySpan<byte> storedName, out int length)
    {
        length = 0;
        Span<byte> cipher = stackalloc byte[NameCodec.MaxCipherName];
        return NameCodec.TryUnspell(storedName, cipher, out int cipherLength, out bool isLong)
            && (!isLong || _companions.Read(_handle, storedName, cipher, out cipherLength) == VaultStatus.Ok)
            && _names.TryDecrypt(_id, cipher[..cipherLength], _text.GetSpan(NameCodec.MaxPlainName), out length, out _);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Item(ulong Inode, ulong Next, int Start, byte Length, byte StoredLength, NodeKind Kind);
}

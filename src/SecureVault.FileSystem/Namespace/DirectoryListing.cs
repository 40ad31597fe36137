using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>The names of a folder at one moment, each plain and then as stored, in one block of bytes.</summary>
internal sealed class DirectoryListing : IStoreEntrySink
{
    private readonly IBackingStore _store;
    private readonly NameCodec _names;
    private readonly Companions _companions;
    private readonly StoreHandle _handle;
    private readonly Folder _folder;
    private readonly DirectoryId _id;
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private readonly List<Item> _items = [];

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

    /// <summary>Stored names that no key of this folder opens: not shown, but counted.</summary>
    public int Unreadable { get; private set; }

    public ReadOnlySpan<byte> Name(int index) => _text.WrittenSpan.Slice(_items[index].Start, _items[index].Length);

    /// <summary>The name as the store spells it.</summary>
    public ReadOnlySpan<byte> Stored(int index) => _text.WrittenSpan.Slice(_items[index].Start + _items[index].Length, _items[index].StoredLength);

    public ulong Inode(int index) => _items[index].Inode;

    public NodeKind Kind(int index) => _items[index].Kind;

    public VaultStatus Fill(in FolderLease folder) => _store.List(folder.Handle, 0, this);

    public bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie)
    {
        if (IsOwn(storedName))
        {
            return true;
        }

        if (!TryOpen(storedName, out int length) && !TryOpenAlone(storedName, out length))
        {
            return true;
        }

        _items.Add(new Item(inode, _text.WrittenCount, (byte)length, (byte)storedName.Length, kind));
        _text.Advance(length);
        _text.Write(storedName);
        return true;
    }

    /// <summary>True for the engine's own files: records, half-made things and companions of long names.</summary>
    public static bool IsOwn(ReadOnlySpan<byte> storedName) => storedName.StartsWith("securevault."u8) || storedName.EndsWith(".name"u8);

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
    private readonly record struct Item(ulong Inode, int Start, byte Length, byte StoredLength, NodeKind Kind);
}

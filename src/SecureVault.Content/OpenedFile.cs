using System;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>A stored file just opened and its header as it was read; nothing else was done to it. Owns the handle until a content takes it.</summary>
/// <param name="room">Takes the header.</param>
public ref struct OpenedFile(Span<byte> room)
{
    private readonly Span<byte> _room = room;
    private int _read;

    /// <summary>Null when nothing is held: no file was opened yet, or a content took it.</summary>
    public StoreHandle? Handle { get; private set; }

    /// <summary>Ok when the store opened it for writing too, else why it did not.</summary>
    public VaultStatus WriteStatus { get; private set; }

    /// <summary>Stored bytes of the file.</summary>
    public long StoredSize { get; private set; }

    /// <summary>Shorter than a header only where the file is.</summary>
    public readonly ReadOnlySpan<byte> Header => _room[.._read];

    /// <summary>SharedContent.Generation when it was read: under another one the file may have changed since.</summary>
    public long Generation { get; set; }

    /// <summary>Holds a file and reads its header. Owns the handle whatever the status.</summary>
    public VaultStatus Read(IBackingStore store, StoreHandle file, VaultStatus writeStatus, long storedSize)
    {
        Dispose();
        Handle = file;
        WriteStatus = writeStatus;
        StoredSize = storedSize;
        return store.ReadAt(file, _room, 0, out _read);
    }

    /// <summary>A content owns the handle from here on.</summary>
    public void Give() => Handle = null;

    public void Dispose()
    {
        Handle?.Dispose();
        Handle = null;
        _read = 0;
    }
}

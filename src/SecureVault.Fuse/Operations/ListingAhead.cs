using System;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>The body of the READDIRPLUS that comes next, made while the reader of a folder works through the last one.</summary>
/// <remarks>
/// Under its DirectoryHandle's lock. It is given only as what would be made now: when no request has changed anything since it was begun, and within a second, or
/// the validity of names when that is shorter. Each entry holds a lookup that the kernel does not know of until then; Discard gives it back. Owns native
/// memory from the first Begin to Release, wiped because it held names.
/// </remarks>
internal sealed unsafe class ListingAhead(DriveState state)
{
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(1);

    private byte* _buffer;
    private int _capacity;
    private int _used;
    private ulong _cookie;
    private long _changes;
    private long _begun;

    /// <summary>Whether anything may be made ahead at all: names must be believed for a while.</summary>
    public bool IsWanted => state.Options.EntryTimeout > TimeSpan.Zero;

    /// <summary>Room for a body that continues at a cookie; what was there is given back.</summary>
    public Span<byte> Begin(ulong cookie, int room)
    {
        Discard();
        if (room > _capacity)
        {
            Release();
            _buffer = (byte*)NativeMemory.Alloc((nuint)room);
            _capacity = room;
        }

        (_cookie, _changes, _begun) = (cookie, state.Changes, state.Clock.GetTimestamp());
        return new Span<byte>(_buffer, room);
    }

    /// <summary>Says how many bytes were filled.</summary>
    public void End(int used) => _used = used;

    /// <summary>Gives the body when it continues there, fits and still holds; else gives it back. 0 = make one.</summary>
    public int Take(ulong cookie, Span<byte> room)
    {
        int used = _used;
        TimeSpan longest = state.Options.EntryTimeout < LongestAge ? state.Options.EntryTimeout : LongestAge;
        if (used == 0 || cookie != _cookie || used > room.Length || _changes != state.Changes || state.Clock.GetElapsedTime(_begun) > longest)
        {
            Discard();
            return 0;
        }

        new ReadOnlySpan<byte>(_buffer, used).CopyTo(room);
        _used = 0;
        return used;
    }

    /// <summary>Forgets what was made.</summary>
    public void Discard()
    {
        for (int at = 0; at < _used;)
        {
            var entry = (fuse_direntplus*)(_buffer + at);
            if (entry->entry_out.nodeid != 0)
            {
                state.Drive.Forget(new NodeId(entry->entry_out.nodeid), 1);
            }

            at += DirectoryHandle.SizeOf(fuse_direntplus.NameOffset, (int)entry->dirent.namelen);
        }

        _used = 0;
    }

    /// <summary>Forgets what was made, and gives the memory up.</summary>
    public void Release()
    {
        Discard();
        if (_buffer is not null)
        {
            NativeMemory.Clear(_buffer, (nuint)_capacity);
            NativeMemory.Free(_buffer);
            _buffer = null;
            _capacity = 0;
        }
    }
}

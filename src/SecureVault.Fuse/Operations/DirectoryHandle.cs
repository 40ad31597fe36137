using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>An open folder as the kernel's handle number names it, and the sink its entries go into.</summary>
/// <remarks>
/// The kernel reads one handle from one thread at a time; the lock makes that certain, also beside ReadAhead. It protects every field below it.
/// </remarks>
internal sealed unsafe class DirectoryHandle : IDirectorySink
{
    private const int Alignment = 8;

    private readonly IDriveDirectory _directory;
    private readonly DriveState _state;
    private readonly Action _readAhead;

    /// <summary>Outermost: the engine's own locks are taken under it.</summary>
    private readonly Lock _lock = new();
    private readonly ListingAhead _ahead;
    private readonly NodeId[] _owed = new NodeId[2];
    private int _owedCount;
    private byte* _buffer;
    private int _room;
    private int _used;
    private ulong _next;
    private bool _plus;
    private bool _full;
    private int _roomAhead;
    private bool _released;

    /// <param name="directory">Released by Release.</param>
    public DirectoryHandle(IDriveDirectory directory, DriveState state)
    {
        _directory = directory;
        _state = state;
        _ahead = new ListingAhead(state);
        _readAhead = ReadAhead;
    }

    public IDriveDirectory Directory => _directory;

    /// <summary>Fills a READDIR or READDIRPLUS body.</summary>
    /// <param name="room">At most what the kernel asked for.</param>
    /// <param name="used">Bytes filled; 0 with errno 0 is the end of the folder.</param>
    /// <param name="afterwards">To be run when the body was sent, or null.</param>
    /// <returns>0, or an errno. Entries that were taken are answered first; the trouble comes again behind them.</returns>
    public int Fill(Span<byte> room, ulong cookie, bool plus, out int used, out Action? afterwards)
    {
        lock (_lock)
        {
            used = plus ? _ahead.Take(cookie, room) : 0;
            int errno = used > 0 ? 0 : Make(room, cookie, plus, out used);
            _roomAhead = plus && used > 0 && _full && _ahead.IsWanted ? room.Length : 0;
            afterwards = _roomAhead > 0 ? _readAhead : null;
            return errno;
        }
    }

    /// <summary>Ends the handle and the folder's. Exactly once.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _released = true;
            _ahead.Release();
        }

        _directory.Release();
    }

    /// <inheritdoc/>
    public bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry)
    {
        int nameOffset = _plus ? fuse_direntplus.NameOffset : fuse_dirent.NameOffset;
        int size = SizeOf(nameOffset, name.Length);
        if (size > _room - _used)
        {
            _full = true;
            return false;
        }

        var record = new Span<byte>(_buffer + _used, size);
        if (_plus)
        {
            fuse_entry_out looked = Looked(name, entry);
            MemoryMarshal.Write(record, in looked);
        }

        var dirent = new fuse_dirent
        {
            ino = entry.Attributes.Inode,
            off = nextCookie,
            namelen = (uint)name.Length,
            type = Attributes.TypeBits(entry.Attributes.Kind) >> file_mode.TypeShift,
        };
        MemoryMarshal.Write(record[(nameOffset - Unsafe.SizeOf<fuse_dirent>())..], in dirent);
        name.CopyTo(record[nameOffset..]);
        record[(nameOffset + name.Length)..].Clear();
        _used += size;
        _next = nextCookie;
        return true;
    }

    /// <summary>Bytes of a record whose name begins at an offset.</summary>
    public static int SizeOf(int nameOffset, int nameLength) => (nameOffset + nameLength + Alignment - 1) & ~(Alignment - 1);

    private int Make(Span<byte> room, ulong cookie, bool plus, out int used)
    {
        fixed (byte* buffer = room)
        {
            _buffer = buffer;
            (_room, _used, _plus, _full, _owedCount) = (room.Length, 0, plus, false, 0);
            VaultStatus status = _directory.Read(cookie, plus, this);
            _buffer = null;
            used = _used;
            ForgetOwed();
            return _used > 0 ? 0 : _full ? Errno.EINVAL : ErrnoMap.ToErrno(status);
        }
    }

    // The reader takes longer to work through a body than it takes to make the next one: so it need not wait for that.
    private void ReadAhead()
    {
        if (!_state.TryBeginAhead())
        {
            return;
        }

        try
        {
            lock (_lock)
            {
                MakeAhead();
            }
        }
        finally
        {
            _state.EndAhead();
        }
    }

    // Room is only wanted since the last Fill, and only once.
    private void MakeAhead()
    {
        if (_released || _roomAhead == 0)
        {
            return;
        }

        Span<byte> room = _ahead.Begin(_next, _roomAhead);
        _roomAhead = 0;
        try
        {
            _ = Make(room, _next, true, out _);
        }
        finally
        {
            _ahead.End(_used);
        }
    }

    /// <summary>The kernel counts no lookup for "." and "..": a reference the engine took for them is given back at once.</summary>
    private fuse_entry_out Looked(ReadOnlySpan<byte> name, in NodeEntry entry)
    {
        if (entry.Node.Value == 0)
        {
            return default;
        }

        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            if (_owedCount < _owed.Length)
            {
                _owed[_owedCount++] = entry.Node;
            }

            return default;
        }

        return _state.Entry(entry);
    }

    private void ForgetOwed()
    {
        for (int i = 0; i < _owedCount; i++)
        {
            _state.Drive.Forget(_owed[i], 1);
        }
    }
}

using System;
using System.Collections.Generic;
using System.Threading;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>The map blocks in memory: loaded when needed, at most PagesKept of them unless changed, stored at checkpoints.</summary>
/// <remarks>Found under the file's shared lock; changed under its exclusive one.</remarks>
internal sealed class MapPages(FileBody body)
{
    private const int PagesKept = 128;

    /// <summary>Guards the dictionary against readers that load at once; innermost but for the store.</summary>
    private readonly Lock _gate = new();
    private readonly Dictionary<long, MapPage> _pages = [];

    /// <summary>Some map differs from what is stored.</summary>
    internal bool HasDirty { get; private set; }

    /// <summary>More maps changed than should wait for a checkpoint.</summary>
    internal bool IsCrowded => HasDirty && _pages.Count > PagesKept;

    /// <summary>True when a changed map is one that the record vouches for.</summary>
    internal bool HasDirtyRecorded
    {
        get
        {
            foreach ((long group, MapPage page) in _pages)
            {
                if (page.Dirty && IsRecorded(group))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The group's map; null for group 0, whose bits are inline.</summary>
    internal VaultStatus Find(long group, out MapPage? page)
    {
        page = null;
        if (group == 0)
        {
            return VaultStatus.Ok;
        }

        lock (_gate)
        {
            return _pages.TryGetValue(group, out page) ? VaultStatus.Ok : Load(group, out page);
        }
    }

    /// <summary>Before the page's bits change: keeps what the record vouches for.</summary>
    internal void BeginChange(long group, MapPage page)
    {
        page.Recorded ??= IsRecorded(group) ? [.. page.Bits] : null;
        page.Dirty = true;
        HasDirty = true;
    }

    /// <summary>A group that DataBlocks enters: its map begins anew and is stored at once, so that appending leaves nothing to do later.</summary>
    internal VaultStatus Enter(long group, int holes)
    {
        var page = new MapPage(new byte[body.BlockSize]);
        HoleBits.Set(page.Bits, 0, holes, value: true);
        VaultStatus status = body.CanWrite ? StoreInPlace(group, page.Bits) : VaultStatus.Ok;
        if (status == VaultStatus.Ok)
        {
            page.Dirty = !body.CanWrite;
            HasDirty |= page.Dirty;
            lock (_gate)
            {
                Keep(group, page);
            }
        }

        return status;
    }

    /// <summary>Stores changed maps that no record vouches for yet, in place.</summary>
    internal VaultStatus StoreFresh(out bool stored)
    {
        stored = false;
        if (!HasDirty)
        {
            return VaultStatus.Ok;
        }

        foreach ((long group, MapPage page) in _pages)
        {
            if (page.Dirty && !IsRecorded(group))
            {
                VaultStatus status = StoreInPlace(group, page.Bits);
                if (status != VaultStatus.Ok)
                {
                    return status;
                }

                page.Dirty = false;
                stored = true;
            }
        }

        return VaultStatus.Ok;
    }

    /// <summary>Appends the other changed maps to the journal.</summary>
    internal VaultStatus Journal()
    {
        foreach ((long group, MapPage page) in _pages)
        {
            if (page.Dirty)
            {
                VaultStatus status = body.Journal.AppendMap(group, page.Bits);
                if (status != VaultStatus.Ok)
                {
                    return status;
                }
            }
        }

        return VaultStatus.Ok;
    }

    /// <summary>The record vouches for the maps as they are.</summary>
    internal void MarkRecorded()
    {
        if (HasDirty)
        {
            foreach (MapPage page in _pages.Values)
            {
                page.Recorded = null;
                page.Dirty = false;
            }

            HasDirty = false;
        }
    }

    /// <summary>Forgets the maps of groups that begin at or past DataBlocks.</summary>
    internal void Trim()
    {
        foreach (long group in _pages.Keys)
        {
            if (FileLayout.FirstBlock(group, body.Shift) >= body.DataBlocks)
            {
                _pages.Remove(group);
            }
        }
    }

    internal void Reset()
    {
        _pages.Clear();
        HasDirty = false;
    }

    private bool IsRecorded(long group) => FileLayout.FirstBlock(group, body.Shift) < body.Recorded.DataBlocks;

    private VaultStatus StoreInPlace(long group, ReadOnlySpan<byte> bits)
    {
        byte[] buffer = body.Context.Buffers.Rent(body.SealedSize);
        Span<byte> cipher = buffer.AsSpan(0, body.SealedSize);
        body.Codec.SealMap(group, bits, cipher);
        VaultStatus status = body.Store.WriteAt(body.File, cipher, FileLayout.MapOffset(group, body.Shift), out _);
        body.FileDirty = true;
        body.Context.Buffers.Return(buffer);
        return status;
    }

    private VaultStatus Load(long group, out MapPage? page)
    {
        page = null;
        byte[] buffer = body.Context.Buffers.Rent(body.SealedSize);
        Span<byte> cipher = buffer.AsSpan(0, body.SealedSize);
        VaultStatus status = body.Journal.Find(-group, out JournalEntry entry)
            ? body.Journal.Read(entry, cipher, out int read)
            : body.Store.ReadAt(body.File, cipher, FileLayout.MapOffset(group, body.Shift), out read);
        if (status == VaultStatus.Ok)
        {
            var loaded = new MapPage(new byte[body.BlockSize]);
            bool authentic = read == cipher.Length && body.Codec.TryOpenMap(group, cipher, loaded.Bits);
            status = authentic ? VaultStatus.Ok : VaultStatus.Corrupt;
            if (authentic)
            {
                page = loaded;
                Keep(group, page);
            }
        }

        body.Context.Buffers.Return(buffer);
        return status;
    }

    private void Keep(long group, MapPage page)
    {
        if (_pages.Count >= PagesKept)
        {
            DropOneClean();
        }

        _pages[group] = page;
    }

    private void DropOneClean()
    {
        foreach ((long group, MapPage page) in _pages)
        {
            if (!page.Dirty)
            {
                _pages.Remove(group);
                return;
            }
        }
    }
}

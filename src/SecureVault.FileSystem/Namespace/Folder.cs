using System;
using System.Threading;
using SecureVault.Format.V1;
using SecureVault.Storage;

namespace SecureVault.FileSystem.Namespace;

/// <summary>What a folder's record said when it was read.</summary>
/// <param name="Epoch">Label epoch of the policy then; the label is read again when it differs.</param>
internal sealed record FolderRecord(DirectoryId Id, NameTag Name, NameTag PreviousName, KeyId LabelKey, Protection NewFiles, ulong Epoch);

/// <summary>The folder part of a node.</summary>
/// <remarks>
/// Changes protects the folder's names: held while one is made, removed or renamed. Order: the drive's tree lock, then
/// Changes (of several folders only under the tree lock), then a file's SharedContent, then this monitor or a node's.
/// This object's monitor protects the handle and its uses; nothing but the store's close is called under it.
/// </remarks>
internal sealed class Folder
{
    private StoreHandle? _handle;
    private int _uses;
    private bool _touched;
    private bool _dropped;
    private volatile FolderRecord? _record;
    private volatile CaseMap? _cases;

    public Lock Changes { get; } = new();

    /// <summary>Grows at each change of names; written under Changes.</summary>
    public long Version;

    /// <summary>The folder's names whatever their case, or null while nobody asked. Made and changed under Changes; dropped by anyone.</summary>
    public CaseMap? Cases
    {
        get => _cases;
        set => _cases = value;
    }

    /// <summary>The access control list that new objects begin with: null while nobody asked, empty when there is none. Under Changes.</summary>
    public byte[]? DefaultAcl { get; set; }

    /// <summary>Stored names that are not authentic, as last reported.</summary>
    public int Unreadable { get; set; }

    /// <summary>False while the record is only in the store's cache; see FolderRecords.MakeDurable.</summary>
    public volatile bool Durable = true;

    /// <summary>The record as last read, or null.</summary>
    public FolderRecord? Record
    {
        get => _record;
        set => _record = value;
    }

    /// <summary>A name came to be. Under Changes.</summary>
    public void NameAdded(ReadOnlySpan<byte> name)
    {
        Version++;
        Cases?.Add(name);
    }

    /// <summary>A name is gone. Under Changes.</summary>
    public void NameRemoved(ReadOnlySpan<byte> name)
    {
        Version++;
        Cases?.Remove(name);
    }

    /// <summary>The handle, counted as used until Release; null when it is not open.</summary>
    public StoreHandle? TryUse()
    {
        lock (this)
        {
            if (_handle is not null)
            {
                _uses++;
                _touched = true;
            }

            return _handle;
        }
    }

    /// <summary>Gives the folder a handle and uses it; a handle set meanwhile by another thread wins. adopted says which.</summary>
    public StoreHandle Adopt(StoreHandle handle, out bool adopted)
    {
        lock (this)
        {
            adopted = _handle is null;
            if (adopted)
            {
                _handle = handle;
            }
            else
            {
                handle.Dispose();
            }

            _uses++;
            _touched = true;
            return _handle!;
        }
    }

    public void Release()
    {
        lock (this)
        {
            _uses--;
            CloseWhenDropped();
        }
    }

    /// <summary>Nobody knows the folder any more: closes the handle, at once or with its last use.</summary>
    public void Drop()
    {
        lock (this)
        {
            _dropped = true;
            CloseWhenDropped();
        }
    }

    /// <summary>Closes an idle handle. closed: it is closed now (or was); false = in use or used since the last call.</summary>
    public bool TryClose()
    {
        lock (this)
        {
            if (_handle is not null && (_uses > 0 || _touched))
            {
                _touched = false;
                return false;
            }

            _handle?.Dispose();
            _handle = null;
            return true;
        }
    }

    private void CloseWhenDropped()
    {
        if (_dropped && _uses == 0)
        {
            _handle?.Dispose();
            _handle = null;
        }
    }
}

using System;
using SecureVault.Terms;

namespace SecureVault.Storage;

/// <summary>The folder that holds ciphertext. Every name is relative to an open folder and never followed when it is a link.</summary>
/// <remarks>Any thread. Names are bytes without slash. Offsets and sizes are of stored bytes. EINTR is retried inside.</remarks>
public interface IBackingStore
{
    /// <summary>How many files and folders this process may have open at once; int.MaxValue = the system sets no such number.</summary>
    int OpenLimit => int.MaxValue;

    /// <summary>False where no object can have extended attributes, so that nobody opens one to look for them.</summary>
    bool KeepsXattrs => true;

    VaultStatus OpenRoot(string path, out StoreHandle? directory);
    VaultStatus OpenDirectory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory);
    VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file);

    /// <summary>Holds a file that is about to lose its last name, so that it can still be opened. NotSupported where a held file would stand in its folder's way.</summary>
    VaultStatus Hold(StoreHandle directory, ReadOnlySpan<byte> name, out StoreHandle? held)
    {
        held = null;
        return VaultStatus.NotSupported;
    }

    /// <summary>Opens a file that is held, whether it still has a name or not.</summary>
    VaultStatus OpenHeld(StoreHandle held, StoreOpen open, out StoreHandle? file)
    {
        file = null;
        return VaultStatus.NotSupported;
    }

    VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat);
    VaultStatus Stat(StoreHandle handle, out StoreStat stat);

    /// <summary>Which object the name leads to and its size, and no times: asking for those would make the object's next write dearer.</summary>
    VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity);

    /// <summary>read less than target.Length only at the end of the stored file.</summary>
    VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read);

    /// <summary>All or a status; written says how much reached the file.</summary>
    VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written);
    VaultStatus SetSize(StoreHandle file, long size);

    /// <summary>What was written there may go to the disk now: a hint, for which nobody waits. Makes nothing durable; what fails Sync tells.</summary>
    void BeginWriteback(StoreHandle file, long offset, long length)
    {
    }

    VaultStatus Sync(StoreHandle handle, bool dataOnly);

    /// <summary>Makes everything written to the store durable (syncfs), and lets go of what was removed.</summary>
    VaultStatus SyncAll(StoreHandle directory);
    VaultStatus Allocate(StoreHandle file, long offset, long length, bool keepSize);
    VaultStatus PunchHole(StoreHandle file, long offset, long length);

    /// <summary>Next stored data or hole; NoSuchOffset past the last data. Stores without sparse files answer offset itself / the end.</summary>
    VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found);
    VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode);
    VaultStatus MakeNode(StoreHandle parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device);
    VaultStatus MakeSymlink(StoreHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target);
    VaultStatus ReadSymlink(StoreHandle parent, ReadOnlySpan<byte> name, Span<byte> target, out int length);
    VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name);
    VaultStatus RemoveDirectory(StoreHandle parent, ReadOnlySpan<byte> name);
    VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind);
    VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName);
    VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode);
    VaultStatus SetMode(StoreHandle handle, uint mode);
    VaultStatus SetOwner(StoreHandle parent, ReadOnlySpan<byte> name, uint? uid, uint? gid);
    VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid);

    /// <summary>null leaves a time; a *Now flag takes the store's clock.</summary>
    VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow);
    VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow);

    /// <summary>The same folder through a handle of its own: a listing that goes on beside others, on stores whose cookies are the handle's own.</summary>
    VaultStatus OpenAgain(StoreHandle directory, out StoreHandle? again);

    /// <summary>Lists from cookie (0 = start); "." and ".." left out. Restartable from any nextCookie it gave (at most long.MaxValue).</summary>
    VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink);
    VaultStatus GetXattr(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length);
    VaultStatus SetXattr(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace);
    VaultStatus ListXattr(StoreHandle handle, Span<byte> names, out int length);
    VaultStatus RemoveXattr(StoreHandle handle, ReadOnlySpan<byte> name);
    VaultStatus GetStatistics(StoreHandle handle, out StoreStatistics statistics);

    /// <summary>Exclusive advisory lock on an open file (flock); Busy when someone has it and wait is false. Ends with the handle or Unlock.</summary>
    VaultStatus Lock(StoreHandle file, bool wait);
    VaultStatus Unlock(StoreHandle file);
}

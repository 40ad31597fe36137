using System;
using System.Text;
using SecureVault.Terms;

namespace SecureVault.Storage;

/// <summary>Finds out what a backing folder can do: tries each thing once in a folder of its own, which is removed again.</summary>
/// <remarks>One thread. A probe that a crash stopped leaves a temporary folder, which the next one empties.</remarks>
public sealed class StoreProbe
{
    private const uint FolderMode = 0x1C0; // 0700
    private const uint FileMode = 0x180;   // 0600
    private const uint OtherMode = 0x1A0;  // 0640
    private const int LongestName = 255;
    private const int LongestTarget = 4095;
    private const int LargestAttribute = 65536;
    private const int Block = 4096;

    private static readonly byte[] FolderName = [.. StoreName.AsidePrefix, .. "probe"u8];

    private readonly IBackingStore _store;
    private readonly StoreHandle _folder;

    private StoreProbe(IBackingStore store, StoreHandle folder)
    {
        _store = store;
        _folder = folder;
    }

    /// <summary>Tries.</summary>
    /// <param name="parent">Where the probe's folder may stand for a moment.</param>
    /// <param name="abilities">Null unless Ok.</param>
    /// <returns>Not Ok when not even a folder and a file could be made there.</returns>
    public static VaultStatus Run(IBackingStore store, StoreHandle parent, out StoreAbilities? abilities)
    {
        ArgumentNullException.ThrowIfNull(store);
        abilities = null;
        VaultStatus status = store.MakeDirectory(parent, FolderName, FolderMode);
        status = status == VaultStatus.Exists ? VaultStatus.Ok : status;
        status = status == VaultStatus.Ok ? store.OpenDirectory(parent, FolderName, out StoreHandle? folder) : Nothing(status, out folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (folder)
        {
            var probe = new StoreProbe(store, folder!);
            probe.Empty();
            status = probe.Try(out abilities);
            probe.Empty();
        }

        VaultStatus removed = store.RemoveDirectory(parent, FolderName);
        return status == VaultStatus.Ok ? removed : status;
    }

    private static VaultStatus Nothing(VaultStatus status, out StoreHandle? folder)
    {
        folder = null;
        return status;
    }

    private VaultStatus Try(out StoreAbilities? abilities)
    {
        abilities = null;
        VaultStatus status = Make("a"u8, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = _store.WriteAt(file!, new byte[4 * Block], 0, out _);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            abilities = new StoreAbilities
            {
                KeepsModes = KeepsModes(file!),
                LongestName = Longest(LongestName, CanName),
                Locks = Locks(file!),
                TellsCase = _store.Stat(_folder, "A"u8, out _) == VaultStatus.NotFound,
                StableNumbers = _store.Stat(file!, out StoreStat byHandle) == VaultStatus.Ok && _store.Stat(_folder, "a"u8, out StoreStat byName) == VaultStatus.Ok && byHandle.Inode == byName.Inode && byHandle.Device == byName.Device,
                LargestAttribute = Longest(LargestAttribute, size => _store.SetXattr(file!, "user.securevault.probe"u8, new byte[size], false, false) == VaultStatus.Ok),
                Allocates = _store.Allocate(file!, 4 * Block, Block, true) == VaultStatus.Ok,
                PunchesHoles = _store.PunchHole(file!, Block, Block) == VaultStatus.Ok,
                HardLinks = _store.Link(_folder, "a"u8, _folder, "c"u8) == VaultStatus.Ok,
                Exchanges = Make("b"u8, out StoreHandle? other) == VaultStatus.Ok && Closed(other!) && _store.Rename(_folder, "a"u8, _folder, "b"u8, RenameKind.Exchange) == VaultStatus.Ok,
                Pipes = _store.MakeNode(_folder, "p"u8, NodeKind.Fifo, FileMode, 0) == VaultStatus.Ok,
                LongestLinkTarget = Longest(LongestTarget, CanTarget),
            };
        }

        // Makes the store find out whether it knows renameat2's flags before the first user needs them.
        status = _store.Rename(_folder, "b"u8, _folder, "d"u8, RenameKind.NoReplace);
        return status == VaultStatus.NotFound ? VaultStatus.Ok : status;
    }

    private VaultStatus Make(ReadOnlySpan<byte> name, out StoreHandle? file) =>
        _store.OpenFile(_folder, name, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, FileMode, out file);

    private static bool Closed(StoreHandle file)
    {
        file.Dispose();
        return true;
    }

    // Owners only where this process may give files away.
    private bool KeepsModes(StoreHandle file)
    {
        const uint nobody = 65534;
        if (OperatingSystem.IsWindows())
        {
            return true; // what a drive shows there comes from tokens and ACLs
        }

        bool kept = _store.SetMode(file, OtherMode) == VaultStatus.Ok && _store.Stat(file, out StoreStat stat) == VaultStatus.Ok && stat.Mode == OtherMode;
        return kept && (!Environment.IsPrivilegedProcess
            || (_store.SetOwner(file, nobody, nobody) == VaultStatus.Ok && _store.Stat(file, out stat) == VaultStatus.Ok && (stat.Uid, stat.Gid) == (nobody, nobody)));
    }

    private bool Locks(StoreHandle file)
    {
        if (_store.Lock(file, wait: false) != VaultStatus.Ok || _store.OpenFile(_folder, "a"u8, StoreOpen.ReadWrite, 0, out StoreHandle? second) != VaultStatus.Ok)
        {
            return false;
        }

        using (second)
        {
            bool busy = _store.Lock(second!, wait: false) == VaultStatus.Busy;
            return _store.Unlock(file) == VaultStatus.Ok && busy;
        }
    }

    private bool CanName(int length)
    {
        Span<byte> name = stackalloc byte[length];
        name.Fill((byte)'n');
        if (Make(name, out StoreHandle? file) != VaultStatus.Ok)
        {
            return false;
        }

        file!.Dispose();
        return _store.Unlink(_folder, name) == VaultStatus.Ok;
    }

    private bool CanTarget(int length)
    {
        byte[] target = Encoding.ASCII.GetBytes(new string('t', length));
        return _store.MakeSymlink(_folder, "s"u8, target) == VaultStatus.Ok && _store.Unlink(_folder, "s"u8) == VaultStatus.Ok;
    }

    /// <summary>The largest number up to most that works, when all below it do; 0 for none.</summary>
    private static int Longest(int most, Func<int, bool> works)
    {
        if (works(most))
        {
            return most;
        }

        int good = 0;
        int bad = most;
        while (bad - good > 1)
        {
            int middle = (good + bad) / 2;
            (good, bad) = works(middle) ? (middle, bad) : (good, middle);
        }

        return good;
    }

    private void Empty()
    {
        var list = new EntryList();
        _ = _store.List(_folder, 0, list);
        foreach (StoredEntry entry in list.Entries)
        {
            _ = _store.Unlink(_folder, entry.Name);
        }
    }
}

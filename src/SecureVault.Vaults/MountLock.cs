using System;
using System.Globalization;
using System.Text;
using System.Threading;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>Held by the one process that serves a vault: the store's lock on the file `lock`, and in it a sealed note that the holder renews. VAULTS.md says why both.</summary>
/// <remarks>Any thread. Dispose lets go and empties the note.</remarks>
internal sealed class MountLock : IDisposable
{
    /// <summary>How often the note is renewed.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>How long a note must stay as it is for its holder to count as gone.</summary>
    public static readonly TimeSpan Watch = 3 * Beat;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly VaultParts _parts;
    private readonly StoreHandle _file;
    private readonly ITimer _timer;

    /// <summary>Protects the note, what is stored of it, and the end.</summary>
    private readonly Lock _gate = new();
    private MountNote _note;
    private byte[] _stored;
    private bool _ended;
    private Action<string>? _lost;
    private volatile Func<string>? _place;

    private MountLock(VaultParts parts, StoreHandle file, MountNote note)
    {
        _parts = parts;
        _file = file;
        _note = note;
        _stored = note.Seal(parts.Keys.Document, Associated(parts));
        parts.Store.SetSize(file, 0);
        parts.Store.WriteAt(file, _stored, 0, out _);
        parts.Store.Sync(file, false);
        _timer = parts.Clock.CreateTimer(_ => Renew(), null, Beat, Beat);
    }

    /// <summary>AlreadyMounted when another holds it, Failed when that cannot be excluded.</summary>
    /// <param name="mountPoint">Empty for a command.</param>
    /// <param name="takeOver">A person says that a holder on another machine, whose note does not move, is gone.</param>
    public static VaultResult Take(VaultParts parts, string mountPoint, bool takeOver, out MountLock? held)
    {
        held = null;
        if (parts.Refusal is { } refusal)
        {
            return VaultMessages.Failed(refusal);
        }

        VaultStatus status = parts.Store.OpenFile(parts.Folder!, VaultNames.Lock, StoreOpen.ReadWrite | StoreOpen.Create, VaultNames.FileMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.ReadOnly
                ? VaultMessages.Failed($"{parts.Path} is on a read-only file system: a drive could not keep its audit log there. Make it writable, or only look into it: securevault mount --read-only {ShellWord.Of(parts.Path)} MOUNTPOINT")
                : VaultMessages.Store($"{parts.Path}/lock", "Opening", status);
        }

        VaultResult result = Take(parts, file!, takeOver, out string from);
        if (!result.IsOk)
        {
            file!.Dispose();
            return result;
        }

        string since = parts.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        held = new MountLock(parts, file!, new MountNote(parts.Machine, parts.BootId, Environment.ProcessId, mountPoint, since, 1)) { From = from };
        return VaultResult.Ok;
    }

    /// <summary>True when a process that shares this machine's locks holds the vault now.</summary>
    public static bool IsLocked(VaultParts parts)
    {
        if (parts.Store.OpenFile(parts.Folder!, VaultNames.Lock, StoreOpen.Read, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return false;
        }

        using (file)
        {
            VaultStatus status = parts.Store.Lock(file!, wait: false);
            if (status == VaultStatus.Ok)
            {
                parts.Store.Unlock(file!);
            }

            return status == VaultStatus.Busy;
        }
    }

    /// <summary>As IsLocked, or another machine has left a note and may hold it.</summary>
    public static bool MayBeHeld(VaultParts parts) =>
        IsLocked(parts)
        || (StoredFile.Read(parts.Store, parts.Folder!, VaultNames.Lock, MountNote.MaxStored, out byte[] stored, out _) == VaultStatus.Ok
            && MountNote.TryOpen(stored, parts.Keys.Document, Associated(parts)) is { } note && !note.IsOf(parts.Machine));

    /// <summary>Whom it was taken from, for the record; empty when it was free.</summary>
    public string From { get; private init; } = "";

    /// <summary>Called once, with a sentence, when another has taken the vault over: this process may not write any more.</summary>
    public void OnLost(Action<string> lost) => _lost = lost;

    /// <summary>Where the drive is by now, for the note.</summary>
    public void Follow(Func<string> place) => _place = place;

    /// <summary>False when another was faster: two machines that take a free vault at one moment both find it free.</summary>
    public bool IsMine()
    {
        lock (_gate)
        {
            return TryRead(_parts, _file, out byte[] found) && found.AsSpan().SequenceEqual(_stored);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (!_ended && IsMine())
            {
                _parts.Store.SetSize(_file, 0);
            }

            _ended = true;
        }

        _file.Dispose();
    }

    private static VaultResult Take(VaultParts parts, StoreHandle file, bool takeOver, out string from)
    {
        from = "";
        VaultStatus status = parts.Store.Lock(file, wait: false);
        bool read = TryRead(parts, file, out byte[] stored);
        MountNote? note = MountNote.TryOpen(stored, parts.Keys.Document, Associated(parts));
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.Busy ? Mounted(parts, note) : VaultMessages.Store($"{parts.Path}/lock", "Locking", status);
        }

        // Free, and of this start of this machine: a holder that lived would have the lock.
        if ((read && stored.Length == 0) || (note?.Boot == parts.BootId && parts.BootId.Length > 0))
        {
            return VaultResult.Ok;
        }

        if (Moves(parts, file, stored))
        {
            return Mounted(parts, note);
        }

        from = $", after its holder{note?.Where} did not let go";
        return takeOver || note?.IsOf(parts.Machine) == true ? VaultResult.Ok : VaultMessages.Failed(
            $"{parts.Path} was not let go by who had it last{note?.Where ?? " (its note cannot be read)"}, and nothing was heard of it for {Watch.TotalSeconds:0} seconds. If it still runs there, unmount it there; if it is gone for good, or this folder is a copy: securevault mount --take-over {ShellWord.Of(parts.Path)} MOUNTPOINT");
    }

    private static VaultResult Mounted(VaultParts parts, MountNote? note) =>
        new(VaultError.AlreadyMounted, $"{parts.Path} is mounted already{note?.Where}. Unmount it there first.");

    /// <summary>Watches the note: true as soon as it changes, for then its holder lives.</summary>
    private static bool Moves(VaultParts parts, StoreHandle file, byte[] first)
    {
        using var look = new AutoResetEvent(false);
        using ITimer timer = parts.Clock.CreateTimer(_ => look.Set(), null, Look, Look);
        long start = parts.Clock.GetTimestamp();
        do
        {
            look.WaitOne();
            if (TryRead(parts, file, out byte[] now) && !now.AsSpan().SequenceEqual(first))
            {
                return true;
            }
        }
        while (parts.Clock.GetElapsedTime(start) < Watch);

        return false;
    }

    /// <summary>Through a handle of its own: a network store shows what others wrote to who opens the file anew.</summary>
    private static bool TryRead(VaultParts parts, StoreHandle file, out byte[] stored)
    {
        if (StoredFile.Read(parts.Store, parts.Folder!, VaultNames.Lock, MountNote.MaxStored, out stored, out _) == VaultStatus.Ok)
        {
            return true;
        }

        byte[] room = new byte[MountNote.MaxStored];
        bool done = parts.Store.ReadAt(file, room, 0, out int read) == VaultStatus.Ok;
        stored = done ? room[..read] : [];
        return done;
    }

    /// <summary>The next beat; or, when the note is another's, the end of all writing here.</summary>
    private void Renew()
    {
        Action<string>? lost = null;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            if (!TryRead(_parts, _file, out byte[] found))
            {
                return; // the store does not answer: the next beat asks again
            }

            if (found.AsSpan().SequenceEqual(_stored))
            {
                _note = _note with { Beat = _note.Beat + 1, At = _place?.Invoke() is { Length: > 0 } place ? place : _note.At };
                _stored = _note.Seal(_parts.Keys.Document, Associated(_parts));
                _parts.Store.WriteAt(_file, _stored, 0, out _);
                _parts.Store.BeginWriteback(_file, 0, _stored.Length);
                return;
            }

            _ended = true;
            _parts.Store.Shut();
            string by = MountNote.TryOpen(found, _parts.Keys.Document, Associated(_parts))?.Where ?? "";
            _parts.Refusal = $"{_parts.Path} was taken over{by}: this drive has ended, and what it had not saved yet is lost";
            lost = _lost;
        }

        lost?.Invoke(_parts.Refusal);
    }

    private static byte[] Associated(VaultParts parts) => Encoding.UTF8.GetBytes($"securevault lock {parts.Config.VaultId}");
}

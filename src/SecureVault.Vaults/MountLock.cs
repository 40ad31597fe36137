using System;
using System.Globalization;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>Held by the one process that serves a vault: flock on `lock`, with a sealed note of who and where in it.</summary>
/// <remarks>Note: nonce (12), sealed UTF-8 "pid SPACE mount point", tag (16), under the document key; associated data "securevault lock" and the vault id.</remarks>
internal sealed class MountLock : IDisposable
{
    private const int MaxNote = 8192;
    private const int Overhead = AeadKey.NonceSize + AeadKey.TagSize;
    private readonly IBackingStore _store;
    private readonly StoreHandle _file;

    private MountLock(IBackingStore store, StoreHandle file)
    {
        _store = store;
        _file = file;
    }

    public static VaultResult Take(VaultParts parts, string mountPoint, out MountLock? held)
    {
        held = null;
        VaultStatus status = parts.Store.OpenFile(parts.Folder!, VaultNames.Lock, StoreOpen.ReadWrite | StoreOpen.Create, VaultNames.FileMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.ReadOnly
                ? VaultMessages.Failed($"{parts.Path} is on a read-only file system: a drive could not keep its audit log there. Make it writable, or copy the vault to one that is.")
                : VaultMessages.Store($"{parts.Path}/lock", "Opening", status);
        }

        status = parts.Store.Lock(file!, wait: false);
        if (status != VaultStatus.Ok)
        {
            string who = status == VaultStatus.Busy ? ReadNote(parts, file!) : "";
            file!.Dispose();
            return status == VaultStatus.Busy
                ? new VaultResult(VaultError.AlreadyMounted, $"{parts.Path} is mounted already{who}. Unmount it there first.")
                : VaultMessages.Store($"{parts.Path}/lock", "Locking", status);
        }

        held = new MountLock(parts.Store, file!);
        WriteNote(parts, file!, $"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)} {mountPoint}");
        return VaultResult.Ok;
    }

    /// <summary>True when a live process holds the lock now.</summary>
    public static bool IsHeld(VaultParts parts)
    {
        if (parts.Store.OpenFile(parts.Folder!, VaultNames.Lock, StoreOpen.Read, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return false;
        }

        using (file)
        {
            return parts.Store.Lock(file!, wait: false) == VaultStatus.Busy;
        }
    }

    public void Dispose()
    {
        _store.SetSize(_file, 0);
        _file.Dispose();
    }

    private static void WriteNote(VaultParts parts, StoreHandle file, string note)
    {
        byte[] plain = Encoding.UTF8.GetBytes(note);
        if (plain.Length > MaxNote - Overhead)
        {
            return;
        }

        byte[] stored = new byte[plain.Length + Overhead];
        RandomBytes.Fill(stored.AsSpan(0, AeadKey.NonceSize));
        parts.Keys.Document.Seal(stored.AsSpan(0, AeadKey.NonceSize), plain, stored.AsSpan(AeadKey.NonceSize, plain.Length), stored.AsSpan(^AeadKey.TagSize..), Associated(parts));
        parts.Store.SetSize(file, 0);
        parts.Store.WriteAt(file, stored, 0, out _);
    }

    private static string ReadNote(VaultParts parts, StoreHandle file)
    {
        byte[] stored = new byte[MaxNote];
        if (parts.Store.ReadAt(file, stored, 0, out int read) != VaultStatus.Ok || read <= Overhead)
        {
            return "";
        }

        byte[] plain = new byte[read - Overhead];
        ReadOnlySpan<byte> note = stored.AsSpan(0, read);
        if (!parts.Keys.Document.TryOpen(note[..AeadKey.NonceSize], note[AeadKey.NonceSize..^AeadKey.TagSize], note[^AeadKey.TagSize..], plain, Associated(parts)))
        {
            return "";
        }

        string[] fields = Encoding.UTF8.GetString(plain).Split(' ', 2);
        return fields.Length == 2 ? $" at {fields[1]} (process {fields[0]})" : "";
    }

    private static byte[] Associated(VaultParts parts) =>
        Encoding.UTF8.GetBytes($"securevault lock {parts.Config.VaultId}");
}

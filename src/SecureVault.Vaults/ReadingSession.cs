using SecureVault.Content;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>A mount that writes nothing into the vault: no lock, no session, no record; those go to the machine's own log.</summary>
/// <remarks>Files that a session left open are read through its journal, which stays as it is.</remarks>
internal sealed class ReadingSession : IVaultSession
{
    private readonly VaultParts _parts;
    private readonly StoreHandle _journal;
    private readonly string _mountPoint;
    private bool _ended;

    private ReadingSession(Vault vault, string mountPoint, StoreHandle journal, StoreHandle root)
    {
        _parts = vault.Parts;
        _mountPoint = mountPoint;
        _journal = journal;
        RootDirectory = root;
        Content = vault.OfflineContent(journal, _parts.Sessions);
    }

    public ContentContext Content { get; }

    public StoreHandle RootDirectory { get; }

    public static VaultResult Begin(Vault vault, string mountPoint, out IVaultSession? session)
    {
        session = null;
        VaultParts parts = vault.Parts;
        if (MountLock.IsLocked(parts))
        {
            return new VaultResult(VaultError.AlreadyMounted, $"{parts.Path} is mounted already: what its drive writes would look damaged to one that only reads. Unmount it there first, or use its drive.");
        }

        VaultResult result = OwnLog.Open(parts);
        if (!result.IsOk)
        {
            return result;
        }

        VaultStatus status = parts.OpenWorkFolder(VaultNames.Journal, out StoreHandle? journal);
        status = status == VaultStatus.Ok ? parts.Store.OpenDirectory(parts.Folder!, VaultNames.Root, out StoreHandle? root) : Fail(status, out root);
        if (status != VaultStatus.Ok)
        {
            journal?.Dispose();
            return status == VaultStatus.NotFound ? VaultMessages.Damaged($"{parts.Path}/root", "is missing") : VaultMessages.Store($"{parts.Path}/root", "Opening", status);
        }

        var begun = new ReadingSession(vault, mountPoint, journal!, root!);
        if (!begun.Record(AuditEvent.Mount))
        {
            begun.Close();
            return VaultMessages.Failed($"{parts.Path} was not mounted: the mount could not be recorded on this machine ({parts.OwnLog!.Problem}).");
        }

        session = begun;
        return VaultResult.Ok;
    }

    /// <summary>Nobody is kept from the vault by this one, so nobody takes it over.</summary>
    public void OnLost(System.Action<string> lost)
    {
    }

    /// <summary>Nothing was written, so nothing is left to recover.</summary>
    public void Abandon()
    {
    }

    /// <summary>Nobody finds the vault taken.</summary>
    public void Follow(System.Func<string> place)
    {
    }

    public void Dispose() => _ = End();

    public VaultResult End()
    {
        if (_ended)
        {
            return VaultResult.Ok;
        }

        _ended = true;
        bool recorded = Record(AuditEvent.Unmount);
        recorded &= _parts.OwnLog!.TryCheckpoint();
        recorded &= _parts.OwnLog.TrySync(out _);
        Close();
        return recorded ? VaultResult.Ok : VaultMessages.Failed($"{_parts.Path}: the last records of who opened what could not be kept on this machine{VaultMessages.Because(_parts.OwnLog.Problem)}.");
    }

    private bool Record(AuditEvent what)
    {
        string found = _parts.Found.Count == 0 ? "" : $"; found: {string.Join("; ", _parts.Found)}";
        string detail = $"{_mountPoint}, read-only, of {_parts.Path} (record {_parts.Audit.Head.Sequence}){(what == AuditEvent.Mount ? found : "")}";
        return _parts.OwnLog!.TryRecord(_parts.Told(what, "", "", detail));
    }

    private void Close()
    {
        RootDirectory.Dispose();
        _journal.Dispose();
    }

    private static VaultStatus Fail(VaultStatus status, out StoreHandle? handle)
    {
        handle = null;
        return status;
    }
}

using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Brings the stored file up to date: fsync, commit, and the full checkpoint both rest on.</summary>
/// <remarks>
/// Under the file's exclusive lock. The order is the whole matter; what each step may rely on being durable:
/// <code>
/// 1  maps no record vouches for, in place
/// 2  file made durable: data, those maps, the Open record
/// 3  changed maps a record vouches for, to the journal        (they may say "data" of what step 2 made durable)
/// 4  journal made durable
/// 5  journal's blocks and maps, in place                      (torn: the journal still has them)
/// 6  record: size, data blocks, inline holes                  (all it vouches for is durable, here or in the journal)
/// 7  file made durable
/// 8  journal emptied, punched blocks freed
/// </code>
/// </remarks>
internal static class Checkpoint
{
    /// <summary>All eight steps.</summary>
    /// <param name="dataDurable">The caller has made durable what was written so far (SyncAll).</param>
    /// <param name="makeDurable">The record must be durable too.</param>
    internal static VaultStatus Full(FileBody body, bool dataDurable, bool makeDurable)
    {
        VaultStatus status = body.Maps.Pages.StoreFresh(out bool stored);
        if (status == VaultStatus.Ok && body.FileDirty && (!dataDurable || stored))
        {
            status = body.SyncFile(dataOnly: true);
        }

        if (status == VaultStatus.Ok && body.Maps.Pages.HasDirtyRecorded)
        {
            status = body.Maps.Pages.Journal();
        }

        bool journaled = body.Journal.HasContent;
        if (status == VaultStatus.Ok && journaled)
        {
            status = body.Journal.Sync();
        }

        if (status == VaultStatus.Ok && journaled)
        {
            status = JournalApplication.Run(body);
        }

        return status == VaultStatus.Ok ? Record(body, journaled, makeDurable) : status;
    }

    /// <summary>fsync. Where recovery could find all out again (appended blocks, the journal's entries) one flush of each suffices.</summary>
    internal static VaultStatus Sync(FileBody body, bool dataOnly)
    {
        if (!body.CanWrite)
        {
            return VaultStatus.Ok;
        }

        if (body.NeedsRecord || body.Maps.Pages.HasDirtyRecorded)
        {
            VaultStatus full = Full(body, dataDurable: false, makeDurable: true);
            return full == VaultStatus.Ok && !dataOnly ? body.SyncFile(dataOnly: false) : full;
        }

        VaultStatus status = body.Maps.Pages.StoreFresh(out _);
        if (status == VaultStatus.Ok && (body.FileDirty || !dataOnly))
        {
            status = body.SyncFile(dataOnly);
        }

        if (status == VaultStatus.Ok && body.Journal.IsDirty)
        {
            status = body.Journal.Sync();
        }

        return status == VaultStatus.Ok && !body.IsShapeRecorded ? body.WriteShape(clean: false) : status;
    }

    /// <summary>Writes the clean record.</summary>
    internal static VaultStatus Commit(FileBody body, bool dataDurable)
    {
        if (!body.CanWrite || !body.IsOpen)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = FitIfLeft(body, ref dataDurable);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (body.Journal.HasContent || body.Maps.Pages.HasDirty || body.Punches.Any)
        {
            status = Full(body, dataDurable, makeDurable: true);
        }
        else if (!dataDurable && body.FileDirty)
        {
            status = body.SyncFile(dataOnly: true);
        }

        if (status == VaultStatus.Ok)
        {
            body.MarkDurable();
            status = body.WriteShape(clean: true);
        }

        return status == VaultStatus.Ok ? body.Journal.Delete(durable: true) : status;
    }

    /// <summary>A resize that failed in its last step may have left another stored size than a clean file has.</summary>
    private static VaultStatus FitIfLeft(FileBody body, ref bool dataDurable)
    {
        VaultStatus status = body.Store.Stat(body.File, out StoreStat stat);
        if (status != VaultStatus.Ok || stat.Size == FileLayout.CipherSize(body.Size, body.Shift))
        {
            return status;
        }

        dataDurable = false;
        return body.FitStoredSize();
    }

    private static VaultStatus Record(FileBody body, bool journaled, bool makeDurable)
    {
        VaultStatus status = body.WriteShape(clean: false);
        if (status == VaultStatus.Ok && (journaled || makeDurable || body.Punches.Any))
        {
            status = body.SyncFile(dataOnly: true);
        }

        if (status == VaultStatus.Ok && journaled)
        {
            status = body.Journal.Drop();
        }

        if (status == VaultStatus.Ok)
        {
            body.Punches.Free();
        }

        return status;
    }
}

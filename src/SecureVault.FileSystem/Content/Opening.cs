using System;
using SecureVault.Crypto;
using SecureVault.FileSystem.Storage;
using SecureVault.Format;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Content;

/// <summary>Opens a stored file: header, state, and recovery where a session stopped in the middle.</summary>
internal static class Opening
{
    /// <summary>On Ok the body owns the handle.</summary>
    internal static VaultStatus Run(ContentContext context, StoreHandle file, bool writable, out FileBody? body)
    {
        body = null;
        Span<byte> header = stackalloc byte[FileLayout.HeaderSize];
        VaultStatus status = context.Store.ReadAt(file, header, 0, out int read);
        if (status != VaultStatus.Ok || read < header.Length)
        {
            return status == VaultStatus.Ok ? VaultStatus.Corrupt : status;
        }

        status = Renewal.ToStatus(FileHeader.TryOpenKeyRecord(header[..FileHeader.KeyRecordSize], context.HeaderKey, context.Keys, out FileIdentity identity, out KeyId keyId, out SecretKey? secret));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (secret)
        {
            if (identity.Suite != context.Suite || identity.BlockShift != context.BlockShift)
            {
                return VaultStatus.Corrupt;
            }

            var codec = new BlockCodec(identity, secret!);
            status = ReadState(context, file, header[FileHeader.StateRecordOffset..], codec, out FileState state);
            if (status != VaultStatus.Ok)
            {
                codec.Dispose();
                return status;
            }

            body = new FileBody(context, file, writable, codec, keyId, state);
        }

        return body.IsOpen ? Recover(ref body) : VaultStatus.Ok;
    }

    private static VaultStatus ReadState(ContentContext context, StoreHandle file, ReadOnlySpan<byte> record, BlockCodec codec, out FileState state)
    {
        FormatStatus read = FileHeader.TryOpenState(record, codec.FileKey, codec.Identity.Id, context.BlockShift, out state);
        if (read != FormatStatus.Ok)
        {
            return VaultStatus.Corrupt;
        }

        if ((state.Flags & FileStateFlags.Open) != 0)
        {
            bool known = (state.Session == context.Session && context.Session != 0) || context.CrashedSessions.Contains(state.Session);
            return known ? VaultStatus.Ok : VaultStatus.Corrupt;
        }

        VaultStatus status = context.Store.Stat(file, out StoreStat stat);
        bool whole = stat.Size == FileLayout.CipherSize(state.Size, context.BlockShift);
        return status == VaultStatus.Ok && !whole ? VaultStatus.Corrupt : status;
    }

    /// <summary>What is recovered is recorded clean at once; where the store refuses (full, failing) the file is readable all the same.</summary>
    private static VaultStatus Recover(ref FileBody? body)
    {
        VaultStatus status = Recovery.Run(body!);
        if (status == VaultStatus.Ok)
        {
            _ = Checkpoint.Commit(body!, dataDurable: false);
            return status;
        }

        body!.Abandon();
        body = null;
        return status;
    }
}

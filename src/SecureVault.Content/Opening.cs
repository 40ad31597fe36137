using System;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Opens a stored file: header, state, and recovery where a session stopped in the middle.</summary>
internal static class Opening
{
    /// <summary>On Ok the body owns the handle.</summary>
    internal static VaultStatus Run(ContentContext context, ref OpenedFile file, out FileBody? body)
    {
        body = null;
        ReadOnlySpan<byte> header = file.Header;
        if (header.Length < FileLayout.HeaderSize)
        {
            return VaultStatus.Corrupt;
        }

        VaultStatus status = Renewal.ToStatus(FileHeader.TryOpenKeyRecord(header[..FileHeader.KeyRecordSize], context.HeaderKey, context.Keys, out FileIdentity identity, out KeyId keyId, out SecretKey? secret));
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
            status = ReadState(context, file.StoredSize, header[FileHeader.StateRecordOffset..], codec, out FileState state);
            if (status != VaultStatus.Ok)
            {
                codec.Dispose();
                return status;
            }

            body = new FileBody(context, file.Handle!, file.WriteStatus == VaultStatus.Ok, codec, keyId, state);
        }

        status = body.IsOpen ? Recover(ref body) : VaultStatus.Ok;
        if (status == VaultStatus.Ok)
        {
            file.Give();
        }

        return status;
    }

    private static VaultStatus ReadState(ContentContext context, long storedSize, ReadOnlySpan<byte> record, BlockCodec codec, out FileState state)
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

        return storedSize == FileLayout.CipherSize(state.Size, context.BlockShift) ? VaultStatus.Ok : VaultStatus.Corrupt;
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

using System;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>The headers of new and emptied files.</summary>
internal static class Renewal
{
    /// <summary>A new identity under keyId; Corrupt when the keyring lacks the key.</summary>
    internal static VaultStatus WriteHeader(ContentContext context, Span<byte> header, KeyId keyId, Protection protection, in FileState state, out BlockCodec? codec)
    {
        codec = null;
        AeadKey? wrappingKey = context.Keys.Find(keyId);
        if (wrappingKey is null)
        {
            return VaultStatus.Corrupt;
        }

        var identity = new FileIdentity(context.Suite, context.BlockShift, protection, new FileId(Id128.Random()));
        using SecretKey secret = SecretKey.Generate(FileHeader.SecretSize);
        FileHeader.WriteKeyRecord(header[..FileHeader.KeyRecordSize], identity, context.HeaderKey, keyId, wrappingKey, secret);
        codec = new BlockCodec(identity, secret);
        FileHeader.WriteState(header[FileHeader.StateRecordOffset..], codec.FileKey, identity.Id, state);
        return VaultStatus.Ok;
    }

    /// <summary>Truncation to zero: a new file id and secret under the label that the file has on disk now. Old blocks are useless from then on.</summary>
    internal static VaultStatus Run(FileBody body)
    {
        VaultStatus status = body.Store.Lock(body.File, wait: true);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        body.Changes = unchecked(body.Changes + 1);
        bool promised = body.Recorded.Size > 0 || body.Recorded.DataBlocks > 0 || body.CleanMaySurface || !body.IsOpen;
        status = Replace(body, out byte[] journal);
        _ = body.Store.Unlock(body.File);
        if (status == VaultStatus.Ok && promised)
        {
            status = body.SyncFile(dataOnly: true);
        }

        // Only now: until the new header is durable, a power cut brings back the old file, which may need its journal.
        if (status == VaultStatus.Ok && journal.Length > 0)
        {
            _ = body.Store.Unlink(body.Context.JournalDirectory, journal);
        }

        return status == VaultStatus.Ok ? body.FitStoredSize() : status;
    }

    /// <summary>Reads the key record's key id.</summary>
    internal static VaultStatus ReadKeyId(ContentContext context, StoreHandle file, out KeyId keyId)
    {
        keyId = default;
        Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
        VaultStatus status = context.Store.ReadAt(file, record, 0, out int read);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        return read < record.Length ? VaultStatus.Corrupt : ToStatus(FileHeader.TryReadKeyId(record, context.HeaderKey, out _, out keyId));
    }

    internal static VaultStatus ToStatus(FormatStatus status) => status switch
    {
        FormatStatus.Ok => VaultStatus.Ok,
        _ => VaultStatus.Corrupt,
    };

    private static VaultStatus Replace(FileBody body, out byte[] journal)
    {
        journal = [];
        Span<byte> old = stackalloc byte[FileLayout.HeaderSize];
        VaultStatus status = body.Store.ReadAt(body.File, old, 0, out int read);
        KeyId keyId = default;
        if (status == VaultStatus.Ok)
        {
            status = read < old.Length ? VaultStatus.Corrupt : ToStatus(FileHeader.TryReadKeyId(old[..FileHeader.KeyRecordSize], body.Context.HeaderKey, out _, out keyId));
        }

        FileState next = body.Recorded;
        next.Size = 0;
        next.DataBlocks = 0;
        next.Holes = default;
        next.Flags |= FileStateFlags.Open;
        next.Session = body.Context.Session;
        next.Generation = unchecked(next.Generation + 1);
        Span<byte> header = stackalloc byte[FileLayout.HeaderSize];
        BlockCodec? codec = null;
        if (status == VaultStatus.Ok)
        {
            status = WriteHeader(body.Context, header, keyId, body.Codec.Identity.Protection, next, out codec);
        }

        return status == VaultStatus.Ok ? Store(body, old, header, keyId, next, codec!, out journal) : status;
    }

    /// <summary>One write of one sector. When the store fails the old header is put back.</summary>
    private static VaultStatus Store(FileBody body, ReadOnlySpan<byte> old, ReadOnlySpan<byte> header, KeyId keyId, in FileState next, BlockCodec codec, out byte[] journal)
    {
        journal = [];
        VaultStatus status = body.Store.WriteAt(body.File, header, 0, out int written);
        body.FileDirty = true;
        if (status == VaultStatus.Ok)
        {
            journal = body.Journal.Detach();
            body.Renew(codec, keyId, next);
            return status;
        }

        _ = written > 0 ? body.Store.WriteAt(body.File, old, 0, out _) : VaultStatus.Ok;
        codec.Dispose();
        return status;
    }
}

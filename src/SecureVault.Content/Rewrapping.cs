using System;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>The relabel of one stored file, open elsewhere or not: its secret is wrapped under another compartment key, nothing else is touched.</summary>
/// <remarks>Any thread. An open content of the file learns of it by FileContent.RefreshKeyId.</remarks>
public static class Rewrapping
{
    /// <summary>One write of 128 bytes, under the file's lock. changed is false when the file has the key already.</summary>
    /// <returns>Corrupt when the key record is not authentic or the keyring lacks a key.</returns>
    public static VaultStatus Run(IBackingStore store, StoreHandle file, AeadKey headerKey, IWrappingKeys keys, KeyId keyId, out bool changed)
    {
        changed = false;
        VaultStatus status = store.Lock(file, wait: true);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = Rewrap(store, file, headerKey, keys, keyId, out changed);
        _ = store.Unlock(file);
        return status;
    }

    private static VaultStatus Rewrap(IBackingStore store, StoreHandle file, AeadKey headerKey, IWrappingKeys keys, KeyId keyId, out bool changed)
    {
        changed = false;
        Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
        VaultStatus status = store.ReadAt(file, record, 0, out int read);
        if (status != VaultStatus.Ok || read < record.Length)
        {
            return status == VaultStatus.Ok ? VaultStatus.Corrupt : status;
        }

        FormatStatus opened = FileHeader.TryOpenKeyRecord(record, headerKey, keys, out FileIdentity identity, out KeyId now, out SecretKey? secret);
        using (secret)
        {
            if (opened != FormatStatus.Ok || keys.Find(keyId) is not { } wrappingKey)
            {
                return VaultStatus.Corrupt;
            }

            if (now == keyId)
            {
                return VaultStatus.Ok;
            }

            FileHeader.WriteKeyRecord(record, identity, headerKey, keyId, wrappingKey, secret!);
            status = store.WriteAt(file, record, 0, out _);
            changed = status == VaultStatus.Ok;
            return status;
        }
    }
}

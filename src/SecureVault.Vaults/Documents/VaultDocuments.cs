using System;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>Reads and writes the sealed documents of one vault. Any thread.</summary>
internal sealed class VaultDocuments(IBackingStore store, VaultConfig config, AeadKey documentKey)
{
    private const int MaxDocument = 64 * 1024 * 1024;

    public IBackingStore Store => store;

    /// <summary>Reads, opens and verifies. Ok, Corrupt (problem says why, to stand after the file's name), or the store's own status.</summary>
    public VaultStatus Read(StoreHandle directory, ReadOnlySpan<byte> name, DocumentKind kind, out ulong version, out byte[]? body, out StoredVersion seen, out string problem)
    {
        version = 0;
        body = null;
        VaultStatus status = StoredFile.Read(store, directory, name, MaxDocument, out byte[] stored, out seen);
        problem = status switch
        {
            VaultStatus.Ok => stored.Length == 0 ? "is empty" : "",
            VaultStatus.NotFound => "is missing",
            VaultStatus.TooLarge => "is far larger than such a file can be",
            VaultStatus.Invalid => "is not an ordinary file",
            _ => "cannot be read",
        };
        if (problem.Length > 0)
        {
            return status is VaultStatus.Ok or VaultStatus.NotFound or VaultStatus.TooLarge or VaultStatus.Invalid ? VaultStatus.Corrupt : status;
        }

        FormatStatus opened = SealedDocument.TryOpen(kind, config.VaultId, stored, documentKey, config.Suite, config.SigningPoint.Span, out version, out body);
        problem = opened switch
        {
            FormatStatus.Ok => "",
            FormatStatus.NewerVersion => "was written by a newer version of SecureVault than this one",
            _ => "is damaged: it is cut, garbled or of another vault",
        };
        return opened == FormatStatus.Ok ? VaultStatus.Ok : VaultStatus.Corrupt;
    }

    public byte[] Seal(DocumentKind kind, ulong version, ReadOnlySpan<byte> body, SigningKey signer) =>
        SealedDocument.Seal(kind, version, config.VaultId, body, documentKey, config.Suite, signer);

    /// <summary>Seals and replaces atomically; the caller holds the document's lock.</summary>
    public VaultStatus Write(StoreHandle directory, ReadOnlySpan<byte> name, DocumentKind kind, ulong version, ReadOnlySpan<byte> body, SigningKey signer) =>
        StoredFile.Replace(store, directory, name, Seal(kind, version, body, signer));
}

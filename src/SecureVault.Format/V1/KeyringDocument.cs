using System;
using System.Collections.Generic;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>One compartment key. The unlabelled key has empty department, level and compartment.</summary>
/// <remarks>Key is 32 random bytes, owned by the keyring.</remarks>
public sealed record KeyringEntry(KeyId Id, string Department, string Level, string Compartment, uint Epoch, SecretKey Key);

/// <summary>The body of the keyring document: entries and the vault's signing scalar.</summary>
public sealed class KeyringDocument : IDisposable
{
    public KeyringDocument(IReadOnlyList<KeyringEntry> entries, SigningKey signer) => throw new NotSupportedException();

    public IReadOnlyList<KeyringEntry> Entries => throw new NotSupportedException();
    public SigningKey Signer => throw new NotSupportedException();

    /// <summary>Serialized body (secret: caller wipes).</summary>
    public byte[] Write() => throw new NotSupportedException();

    public static FormatStatus TryParse(ReadOnlySpan<byte> body, out KeyringDocument? keyring) => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}

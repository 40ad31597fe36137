using System;
using System.Security.Cryptography;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>What a sealed document is; the number is stored and bound.</summary>
public enum DocumentKind : byte
{
    Keyring = 1,
    Policy = 2,
    Sessions = 3,
    Job = 4,
    Labels = 5,
}

/// <summary>A versioned document, signed (ECDSA P-256) and then sealed (AEAD): keyring, policy, sessions, jobs, labels.</summary>
/// <remarks>
/// <code>
///   0   4  magic "SVDC"            signed message:
///   4   1  format version, 1          0  20  "securevault document"
///   5   1  kind                      20   1  kind
///   6   1  suite                     21   8  document version
///   7   1  zero                      29  16  vault id
///   8   8  document version          45  32  SHA-256 of the body
///  16  12  nonce
///  28   n  sealed: body (n - 64), signature (64)
///  28+n 16 tag
/// </code>
/// Associated: bytes 0..15, vault id (16). Any thread.
/// </remarks>
public static class SealedDocument
{
    /// <summary>Bytes that a document is longer than its body.</summary>
    public const int Overhead = OpenSize + AeadKey.NonceSize + SigningKey.SignatureSize + AeadKey.TagSize;

    private const int OpenSize = 16;
    private const int FieldsOffset = OpenSize + AeadKey.NonceSize;
    private const int MessageSize = 20 + 1 + 8 + 16 + SHA256.HashSizeInBytes;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "SVDC"u8;

    /// <summary>Signs and seals. The signature covers kind, version, vault id and body.</summary>
    public static byte[] Seal(DocumentKind kind, ulong version, Id128 vaultId, ReadOnlySpan<byte> body, AeadKey documentKey, CipherSuite suite, SigningKey signer)
    {
        byte[] stored = new byte[Overhead + body.Length];
        Magic.CopyTo(stored);
        stored[4] = Version;
        stored[5] = (byte)kind;
        stored[6] = (byte)suite;
        WriteUInt64LittleEndian(stored.AsSpan(8), version);

        Span<byte> fields = stored.AsSpan(FieldsOffset, body.Length + SigningKey.SignatureSize);
        body.CopyTo(fields);
        Span<byte> message = stackalloc byte[MessageSize];
        WriteMessage(message, kind, version, vaultId, body);
        signer.Sign(message, fields[body.Length..]);

        Span<byte> associated = stackalloc byte[OpenSize + 16];
        WriteAssociated(associated, stored, vaultId);
        Span<byte> nonce = stored.AsSpan(OpenSize, AeadKey.NonceSize);
        RandomBytes.Fill(nonce);
        documentKey.Seal(nonce, fields, fields, stored.AsSpan()[^AeadKey.TagSize..], associated);
        return stored;
    }

    /// <summary>Opens and verifies; body is the caller's to wipe.</summary>
    public static FormatStatus TryOpen(DocumentKind kind, Id128 vaultId, ReadOnlySpan<byte> stored, AeadKey documentKey, CipherSuite suite, ReadOnlySpan<byte> signingPoint, out ulong version, out byte[]? body)
    {
        version = 0;
        body = null;
        FormatStatus status = CheckOpenPart(stored, kind, suite);
        if (status != FormatStatus.Ok)
        {
            return status;
        }

        Span<byte> associated = stackalloc byte[OpenSize + 16];
        WriteAssociated(associated, stored, vaultId);
        byte[] fields = new byte[stored.Length - FieldsOffset - AeadKey.TagSize];
        if (!documentKey.TryOpen(stored.Slice(OpenSize, AeadKey.NonceSize), stored.Slice(FieldsOffset, fields.Length), stored[^AeadKey.TagSize..], fields, associated))
        {
            return FormatStatus.Corrupt;
        }

        ulong found = ReadUInt64LittleEndian(stored[8..]);
        ReadOnlySpan<byte> content = fields.AsSpan(0, fields.Length - SigningKey.SignatureSize);
        Span<byte> message = stackalloc byte[MessageSize];
        WriteMessage(message, kind, found, vaultId, content);
        bool signed = SigningKey.Verify(signingPoint, message, fields.AsSpan(content.Length));
        if (signed)
        {
            version = found;
            body = content.ToArray();
        }

        CryptographicOperations.ZeroMemory(fields);
        return signed ? FormatStatus.Ok : FormatStatus.Corrupt;
    }

    private static FormatStatus CheckOpenPart(ReadOnlySpan<byte> stored, DocumentKind kind, CipherSuite suite)
    {
        if (stored.Length < Overhead || !stored.StartsWith(Magic) || stored[4] == 0)
        {
            return FormatStatus.Corrupt;
        }

        if (stored[4] > Version)
        {
            return FormatStatus.NewerVersion;
        }

        if (!AeadKey.IsKnown((CipherSuite)stored[6]))
        {
            return FormatStatus.UnknownSuite;
        }

        return stored[5] == (byte)kind && stored[6] == (byte)suite && stored[7] == 0 ? FormatStatus.Ok : FormatStatus.Corrupt;
    }

    private static void WriteAssociated(Span<byte> associated, ReadOnlySpan<byte> stored, Id128 vaultId)
    {
        stored[..OpenSize].CopyTo(associated);
        vaultId.Write(associated[OpenSize..]);
    }

    private static void WriteMessage(Span<byte> message, DocumentKind kind, ulong version, Id128 vaultId, ReadOnlySpan<byte> body)
    {
        "securevault document"u8.CopyTo(message);
        message[20] = (byte)kind;
        WriteUInt64LittleEndian(message[21..], version);
        vaultId.Write(message[29..]);
        SHA256.HashData(body, message[45..]);
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

/// <summary>Format 1 against bytes that a second implementation wrote from FORMAT.md. A change that breaks one of these breaks every vault.</summary>
public sealed class GoldenVectorTests
{
    [Fact]
    public void Derived_keys() => Check("format-keys.txt", vector =>
    {
        using SecretKey vaultKey = vector.Secret("vault-key");
        using SecretKey key = KeyDerivation.Derive(vaultKey, [], vector.Text("purpose"), (int)vector.Number("size"));
        Assert.Equal(vector.Bytes("key"), key.Bytes.ToArray());
        AssertVaultKeysUse(vaultKey, vector.Text("purpose"), key);
        return FormatStatus.Ok;
    });

    [Fact]
    public void Configs() => Check("format-config.txt", vector =>
    {
        FormatStatus status = VaultConfig.TryParse(vector.Bytes("json"), out VaultConfig? config, out _);
        if (status != FormatStatus.Ok)
        {
            return status;
        }

        int[] floor = [.. vector.Text("floor").Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        status = config!.TryUnlock(vector.Bytes("passphrase"), new ScryptCost(floor[0], floor[1], floor[2]), out SecretKey? key);
        Assert.Equal(status == FormatStatus.Ok, key is not null);
        if (key is not null)
        {
            Assert.Equal(vector.Id("id"), config.VaultId);
            Assert.Equal(vector.Bytes("vault-key"), key.Bytes.ToArray());
        }

        return status;
    });

    [Fact]
    public void Names() => Check("format-names.txt", vector => vector.Kind == "name" ? OpenName(vector) : ReadSpelling(vector));

    [Fact]
    public void Folders_links_and_attributes() => Check("format-folders.txt", vector => vector.Kind switch
    {
        "folder" => OpenFolder(vector),
        "link" => OpenLink(vector),
        _ => OpenAttribute(vector),
    });

    [Fact]
    public void Documents_and_keyrings() => Check("format-documents.txt", vector => vector.Kind == "document" ? OpenDocument(vector) : ReadKeyring(vector));

    [Fact]
    public void Audit_logs_and_heads() => Check("format-audit.txt", vector => vector.Kind == "log" ? ReadLog(vector) : OpenHead(vector));

    [Fact]
    public void Stored_files() => Check("format-files.txt", vector =>
    {
        using var file = new StoredSample(vector);
        FormatStatus status = file.TryRead(out byte[] plain);
        if (status == FormatStatus.Ok)
        {
            Assert.Equal(vector.Number("plain-size"), plain.Length);
            Assert.Equal(vector.Bytes("plain-sha256"), SHA256.HashData(plain));
            Assert.Equal((vector.Id("id"), vector.Id("name"), vector.Id("previous")), (file.Identity.Id.Value, file.State.Name.Value, file.State.PreviousName.Value));
            Assert.Equal(((ulong)vector.Number("session"), (ulong)vector.Number("generation")), (file.State.Session, file.State.Generation));
        }

        return status;
    });

    private static void Check(string file, Func<GoldenVector, FormatStatus> read)
    {
        List<GoldenVector> vectors = GoldenVector.Read(file);
        foreach (GoldenVector vector in vectors)
        {
            FormatStatus status = read(vector);
            Assert.True(vector.Expected == status, $"{file}, {vector}: expected {vector.Expected}, found {status}.");
        }

        Assert.Contains(vectors, vector => vector.Expected == FormatStatus.Ok);
    }

    private static void AssertVaultKeysUse(SecretKey vaultKey, string purpose, SecretKey derived)
    {
        CipherSuite suite = derived.Size == 16 ? CipherSuite.Sm4Gcm : CipherSuite.Aes256Gcm;
        using var keys = new VaultKeys(suite, vaultKey);
        if (derived.Size == 64)
        {
            using SivKey expected = SivKey.Create(derived);
            SivKey actual = purpose.EndsWith("xattr names", StringComparison.Ordinal) ? keys.XattrNames : purpose.EndsWith("links", StringComparison.Ordinal) ? keys.Links : keys.Names;
            byte[] name = new byte[32];
            expected.Seal(new byte[16], [], name);
            Assert.True(actual.TryOpen(name, [], new byte[16]), purpose);
            return;
        }

        using AeadKey key = AeadKey.Create(suite, derived);
        AeadKey used = purpose["securevault v1 ".Length..] switch
        {
            "file header" => keys.Header,
            "directory" => keys.Directory,
            "document" => keys.Document,
            _ => keys.Audit,
        };
        byte[] tag = new byte[16];
        key.Seal(new byte[12], [], [], tag, []);
        Assert.True(used.TryOpen(new byte[12], [], tag, [], []), purpose);
    }

    private static FormatStatus OpenName(GoldenVector vector)
    {
        using SivKey key = vector.Siv();
        var names = new NameCodec(key);
        var folder = new DirectoryId(vector.Id("folder"));
        byte[] plain = new byte[NameCodec.MaxPlainName];
        if (!names.TryDecrypt(folder, vector.Bytes("cipher"), plain, out int length, out NameTag tag))
        {
            return FormatStatus.Corrupt;
        }

        Assert.Equal(vector.Bytes("name"), plain[..length]);
        Assert.Equal(vector.Id("tag"), tag.Value);
        byte[] cipher = new byte[NameCodec.MaxCipherName];
        Assert.Equal(vector.Bytes("cipher"), cipher[..names.Encrypt(folder, vector.Bytes("name"), cipher, out _)]);
        byte[] stored = new byte[NameCodec.MaxStoredName];
        stored = stored[..NameCodec.Spell(vector.Bytes("cipher"), stored, out bool isLong)];
        Assert.Equal(vector.Text("stored"), Encoding.ASCII.GetString(stored));
        Assert.Equal(vector.Text("companion").Length > 0, isLong);
        if (isLong)
        {
            byte[] companion = new byte[NameCodec.MaxStoredName];
            Assert.Equal(vector.Text("companion"), Encoding.ASCII.GetString(companion, 0, NameCodec.CompanionName(stored, companion)));
            Assert.True(NameCodec.CompanionMatches(stored, vector.Bytes("cipher")));
        }

        return FormatStatus.Ok;
    }

    private static FormatStatus ReadSpelling(GoldenVector vector)
    {
        byte[] cipher = new byte[NameCodec.MaxCipherName];
        if (!NameCodec.TryUnspell(Encoding.ASCII.GetBytes(vector.Text("stored")), cipher, out int length, out _))
        {
            return FormatStatus.Corrupt;
        }

        Assert.Equal(vector.Bytes("cipher"), cipher[..length]);
        return FormatStatus.Ok;
    }

    private static FormatStatus OpenFolder(GoldenVector vector)
    {
        using AeadKey key = vector.Aead();
        FormatStatus status = DirectoryRecord.TryOpen(vector.Bytes("record"), key, vector.Suite, out DirectoryRecord record);
        if (status == FormatStatus.Ok)
        {
            Assert.Equal((vector.Id("id"), vector.Id("name"), vector.Id("previous")), (record.Id.Value, record.Name.Value, record.PreviousName.Value));
            Assert.Equal((vector.Id("label_key"), vector.Number("new_files")), (record.LabelKey.Value, (long)record.NewFiles));
        }

        return status;
    }

    private static FormatStatus OpenLink(GoldenVector vector)
    {
        using SivKey key = vector.Siv();
        byte[] target = new byte[SymlinkCodec.MaxTarget];
        if (!new SymlinkCodec(key).TryOpen(Encoding.ASCII.GetBytes(vector.Text("stored")), target, out int length))
        {
            return FormatStatus.Corrupt;
        }

        Assert.Equal(vector.Bytes("target"), target[..length]);
        return FormatStatus.Ok;
    }

    private static FormatStatus OpenAttribute(GoldenVector vector)
    {
        using SivKey names = vector.Siv("names-key");
        using AeadKey key = vector.Aead();
        byte[] name = new byte[XattrCodec.MaxPlainName];
        byte[] stored = vector.Bytes("stored-value");
        byte[] value = new byte[stored.Length - XattrCodec.ValueOverhead];
        if (!XattrCodec.TryReadName(names, vector.Id("owner"), Encoding.ASCII.GetBytes(vector.Text("stored")), name, out int length)
            || !XattrCodec.TryOpenValue(key, vector.Id("owner"), name.AsSpan(0, length), stored, value))
        {
            return FormatStatus.Corrupt;
        }

        Assert.Equal(vector.Bytes("name"), name[..length]);
        Assert.Equal(vector.Bytes("value"), value);
        return FormatStatus.Ok;
    }

    private static FormatStatus OpenDocument(GoldenVector vector)
    {
        using AeadKey key = vector.Aead();
        FormatStatus status = SealedDocument.TryOpen((DocumentKind)vector.Number("document-kind"), vector.Id("vault-id"), vector.Bytes("stored"), key, vector.Suite, vector.Bytes("signing-key"), out ulong version, out byte[]? body);
        if (status == FormatStatus.Ok)
        {
            Assert.Equal((ulong)vector.Number("version"), version);
            Assert.Equal(vector.Bytes("body"), body);
        }

        return status;
    }

    private static FormatStatus ReadKeyring(GoldenVector vector)
    {
        FormatStatus status = KeyringDocument.TryParse(vector.Bytes("body"), out KeyringDocument? keyring);
        if (keyring is not null)
        {
            byte[] scalar = new byte[32];
            keyring.Signer.ExportPrivate(scalar);
            Assert.Equal(vector.Bytes("scalar"), scalar);
            Assert.Equal(vector.All("entry"), keyring.Entries.Select(entry => string.Create(CultureInfo.InvariantCulture,
                $"{entry.Id.Value} {entry.Epoch} {Convert.ToHexStringLower(entry.Key.Bytes)} {Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"{entry.Department}|{entry.Level}|{entry.Compartment}"))}")));
            Assert.Equal(vector.Bytes("body"), keyring.Write());
            keyring.Dispose();
        }

        return status;
    }

    private static FormatStatus ReadLog(GoldenVector vector)
    {
        using AeadKey key = vector.Aead();
        ReadOnlySpan<byte> log = vector.Bytes("log");
        byte[] body = new byte[AuditFormat.MaxBody];
        ChainValue chain = default;
        var frames = new List<string>();
        while (!log.IsEmpty)
        {
            FormatStatus status = AuditFormat.TryReadFrame(log, (ulong)frames.Count + 1, key, vector.Id("vault-id"), vector.Bytes("signing-key"), ref chain, body, out AuditFrameKind kind, out int frameLength, out int bodyLength);
            if (status != FormatStatus.Ok)
            {
                return status;
            }

            string text = kind == AuditFrameKind.Record ? Convert.ToHexStringLower(body.AsSpan(0, bodyLength)) : "";
            frames.Add($"{(int)kind} {text}".Trim());
            log = log[frameLength..];
        }

        Assert.Equal(vector.All("frame"), frames);
        Assert.Equal(vector.Bytes("chain"), ((ReadOnlySpan<byte>)chain).ToArray());
        return FormatStatus.Ok;
    }

    private static FormatStatus OpenHead(GoldenVector vector)
    {
        using AeadKey key = vector.Aead();
        FormatStatus status = AuditHead.TryOpen(vector.Bytes("record"), key, vector.Id("vault-id"), out AuditHead head);
        if (status == FormatStatus.Ok)
        {
            Assert.Equal((vector.Number("sequence"), vector.Number("length"), vector.Number("policy"), vector.Number("session")), ((long)head.Sequence, head.LogLength, (long)head.PolicyVersion, (long)head.Session));
            Assert.Equal(vector.Bytes("chain"), ((ReadOnlySpan<byte>)head.Chain).ToArray());
        }

        return status;
    }
}

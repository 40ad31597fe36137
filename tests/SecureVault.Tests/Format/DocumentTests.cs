using System;
using System.Buffers.Binary;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class DocumentTests : IDisposable
{
    private readonly SigningKey _signer = Samples.Signer();

    public static TheoryData<CipherSuite> Suites => Samples.Suites;

    public void Dispose() => _signer.Dispose();

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_document_comes_back_with_its_version(CipherSuite suite)
    {
        using AeadKey key = Samples.Aead(suite, 6);
        foreach (int length in new[] { 0, 1, 5000 })
        {
            byte[] stored = SealedDocument.Seal(DocumentKind.Policy, 42, Samples.VaultId, Samples.Bytes(length), key, suite, _signer);
            Assert.Equal(length + SealedDocument.Overhead, stored.Length);
            Assert.Equal(FormatStatus.Ok, SealedDocument.TryOpen(DocumentKind.Policy, Samples.VaultId, stored, key, suite, _signer.PublicPoint(), out ulong version, out byte[]? body));
            Assert.Equal(42UL, version);
            Assert.Equal(Samples.Bytes(length), body);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_document_flipped_cut_or_out_of_place_is_refused(CipherSuite suite)
    {
        using AeadKey key = Samples.Aead(suite, 6);
        byte[] point = _signer.PublicPoint();
        byte[] stored = SealedDocument.Seal(DocumentKind.Policy, 42, Samples.VaultId, Samples.Bytes(40), key, suite, _signer);
        Hostile.EveryFlip(stored, bit =>
        {
            Assert.NotEqual(FormatStatus.Ok, SealedDocument.TryOpen(DocumentKind.Policy, Samples.VaultId, stored, key, suite, point, out ulong version, out byte[]? body));
            Assert.Equal(0UL, version);
            Assert.Null(body);
        });
        Hostile.EveryCut(stored, cut => Assert.Equal(FormatStatus.Corrupt, SealedDocument.TryOpen(DocumentKind.Policy, Samples.VaultId, cut, key, suite, point, out _, out _)));
        Assert.Equal(FormatStatus.Corrupt, SealedDocument.TryOpen(DocumentKind.Keyring, Samples.VaultId, stored, key, suite, point, out _, out _));
        Assert.Equal(FormatStatus.Corrupt, SealedDocument.TryOpen(DocumentKind.Policy, Samples.Next(Samples.VaultId), stored, key, suite, point, out _, out _));
    }

    [Fact]
    public void Whoever_has_the_document_key_alone_cannot_write_a_policy()
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 6);
        using SigningKey thief = Samples.Signer(20);
        byte[] stored = SealedDocument.Seal(DocumentKind.Policy, 43, Samples.VaultId, Samples.Bytes(40), key, CipherSuite.Aes256Gcm, thief);
        Assert.Equal(FormatStatus.Corrupt, SealedDocument.TryOpen(DocumentKind.Policy, Samples.VaultId, stored, key, CipherSuite.Aes256Gcm, _signer.PublicPoint(), out _, out byte[]? body));
        Assert.Null(body);
    }

    [Fact]
    public void A_newer_version_and_an_unknown_suite_are_named_as_such()
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 6);
        byte[] stored = SealedDocument.Seal(DocumentKind.Job, 1, Samples.VaultId, [], key, CipherSuite.Aes256Gcm, _signer);
        stored[4] = 2;
        Assert.Equal(FormatStatus.NewerVersion, SealedDocument.TryOpen(DocumentKind.Job, Samples.VaultId, stored, key, CipherSuite.Aes256Gcm, _signer.PublicPoint(), out _, out _));
        stored[4] = 1;
        stored[6] = 200;
        Assert.Equal(FormatStatus.UnknownSuite, SealedDocument.TryOpen(DocumentKind.Job, Samples.VaultId, stored, key, CipherSuite.Aes256Gcm, _signer.PublicPoint(), out _, out _));
    }

    [Fact]
    public void A_keyring_comes_back_in_the_order_of_its_ids()
    {
        byte[] body = Ring().Write();
        Assert.Equal(FormatStatus.Ok, KeyringDocument.TryParse(body, out KeyringDocument? read));
        using (read)
        {
            Assert.Equal(body, read!.Write());
            Assert.Equal(_signer.PublicPoint(), read.Signer.PublicPoint());
            Assert.Equal([3, 5, 9], read.Entries.Select(entry => (int)entry.Id.Value.Low));
            KeyringEntry finance = read.Entries[1];
            Assert.Equal(("\u8d22\u52a1/treasury", "secret", "customer-7", 2U), (finance.Department, finance.Level, finance.Compartment, finance.Epoch));
            Assert.Equal(Samples.Bytes(32, 5), finance.Key.Bytes.ToArray());
        }
    }

    [Fact]
    public void A_keyring_body_has_one_spelling()
    {
        // Whatever is accepted after a flip is written back as the same bytes: nothing is ignored.
        byte[] body = Ring().Write();
        Hostile.EveryByte(body, bit =>
        {
            if (KeyringDocument.TryParse(body, out KeyringDocument? read) == FormatStatus.Ok)
            {
                Assert.Equal(body, read!.Write());
                read.Dispose();
            }
            else
            {
                Assert.Null(read);
            }
        });
        Hostile.EveryCut(body, cut => Assert.Equal(FormatStatus.Corrupt, KeyringDocument.TryParse(cut, out _)));
    }

    [Fact]
    public void A_keyring_with_a_doubled_id_or_label_a_bad_scalar_or_a_newer_version_is_refused()
    {
        byte[] body = Ring().Write();
        byte[] doubled = [.. body];
        doubled[37 + 15] = 5;
        Assert.Equal(FormatStatus.Corrupt, KeyringDocument.TryParse(doubled, out _));
        byte[] zeroId = [.. body];
        zeroId[37 + 15] = 0;
        Assert.Equal(FormatStatus.Corrupt, KeyringDocument.TryParse(zeroId, out _));
        byte[] zeroScalar = [.. body];
        zeroScalar.AsSpan(1, 32).Clear();
        Assert.Equal(FormatStatus.Corrupt, KeyringDocument.TryParse(zeroScalar, out _));
        byte[] many = [.. body];
        BinaryPrimitives.WriteUInt32LittleEndian(many.AsSpan(33), uint.MaxValue);
        Assert.Equal(FormatStatus.Corrupt, KeyringDocument.TryParse(many, out _));
        byte[] newer = [.. body];
        newer[0] = 2;
        Assert.Equal(FormatStatus.NewerVersion, KeyringDocument.TryParse(newer, out _));
        Assert.Throws<ArgumentException>(() => new KeyringDocument([Entry(1, "a"), Entry(1, "b")], _signer));
        Assert.Throws<ArgumentException>(() => new KeyringDocument([Entry(1, "a"), Entry(2, "a")], _signer));
        Assert.Throws<ArgumentException>(() => new KeyringDocument([Entry(0, "a")], _signer));
        Assert.Throws<ArgumentException>(() => new KeyringDocument([Entry(1, "\ud800")], _signer).Write());
    }

    private static KeyringEntry Entry(int id, string department) => new(new KeyId(Samples.Id(id)), department, "", "", 1, Samples.Secret(id));

    private KeyringDocument Ring() => new(
        [Entry(9, "engineering"), new KeyringEntry(new KeyId(Samples.Id(5)), "\u8d22\u52a1/treasury", "secret", "customer-7", 2, Samples.Secret(5)), Entry(3, "")],
        _signer);
}

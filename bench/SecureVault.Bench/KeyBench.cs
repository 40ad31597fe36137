using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SecureVault.Crypto;

namespace SecureVault.Bench;

/// <summary>What opening a vault and a file costs before the first block: nonces, keys, derivation, signatures.</summary>
public class KeyBench
{
    private readonly byte[] _nonce = new byte[AeadKey.NonceSize];
    private readonly byte[] _salt = new byte[16];
    private readonly byte[] _signature = new byte[SigningKey.SignatureSize];
    private readonly SecretKey _key = SecretKey.Generate(32);
    private readonly SigningKey _signing = SigningKey.Generate();
    private readonly byte[] _first = new byte[16];
    private readonly byte[] _tag = new byte[AeadKey.TagSize];
    private byte[] _point = [];

    [GlobalSetup]
    public void Setup()
    {
        _signing.Sign(_salt, _signature);
        _point = _signing.PublicPoint();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _key.Dispose();
        _signing.Dispose();
    }

    [Benchmark]
    public void Nonce() => RandomBytes.Fill(_nonce);

    [Benchmark]
    public void NonceUnbatched() => RandomNumberGenerator.Fill(_nonce);

    [Benchmark]
    public void NewSecret() => SecretKey.Generate(32).Dispose();

    [Benchmark]
    public void NewAesKeyAndFirstBlock()
    {
        using var key = AeadKey.Create(CipherSuite.Aes256Gcm, _key);
        key.Seal(_nonce, _salt, _first, _tag, []);
    }

    [Benchmark]
    public void Derive() => KeyDerivation.Derive(_key, _salt, "SecureVault bench", 32).Dispose();

    [Benchmark]
    public void Sign() => _signing.Sign(_salt, _signature);

    [Benchmark]
    public bool Verify() => SigningKey.Verify(_point, _salt, _signature);

    [Benchmark]
    public void Passphrase() => PassphraseKdf.Derive("correct horse"u8, _salt, ScryptCost.Default).Dispose();

    [Benchmark]
    public string? SelfTestAtStart() => SelfTest.Run();
}

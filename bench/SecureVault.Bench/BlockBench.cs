using System;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using SecureVault.Crypto;

namespace SecureVault.Bench;

/// <summary>One block of a file: sealed and opened with the product's keys, and AES by System.Security.Cryptography and by BouncyCastle.</summary>
public class BlockBench : IDisposable
{
    private readonly byte[] _nonce = new byte[AeadKey.NonceSize];
    private readonly byte[] _tag = new byte[AeadKey.TagSize];
    private readonly byte[] _associated = new byte[24];
    private readonly byte[] _bouncyKey = RandomNumberGenerator.GetBytes(32);
    private byte[] _plain = [];
    private byte[] _cipher = [];
    private byte[] _bouncyOutput = [];
    private AeadKey _aes = null!;
    private AeadKey _sm4 = null!;
    private AesGcm _system = null!;

    [Params(4096, 8192, 16384, 32768, 65536)]
    public int BlockSize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        using var key = SecretKey.Generate(32);
        _aes = AeadKey.Create(CipherSuite.Aes256Gcm, key);
        _sm4 = AeadKey.Create(CipherSuite.Sm4Gcm, key);
        _system = new AesGcm(key.Bytes, AeadKey.TagSize);
        _plain = RandomNumberGenerator.GetBytes(BlockSize);
        _cipher = new byte[BlockSize];
        _bouncyOutput = new byte[BlockSize + AeadKey.TagSize];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _aes.Dispose();
        _sm4.Dispose();
        _system.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void AesSeal() => Seal(_aes);

    [Benchmark]
    public bool AesSealAndOpen() => SealAndOpen(_aes);

    [Benchmark]
    public void Sm4Seal() => Seal(_sm4);

    [Benchmark]
    public bool Sm4SealAndOpen() => SealAndOpen(_sm4);

    [Benchmark]
    public void AesSealSystem()
    {
        RandomBytes.Fill(_nonce);
        _system.Encrypt(_nonce, _plain, _cipher, _tag, _associated);
    }

    [Benchmark]
    public int AesSealBouncyCastle()
    {
        RandomBytes.Fill(_nonce);
        var gcm = new GcmBlockCipher(new AesEngine());
        gcm.Init(true, new AeadParameters(new KeyParameter(_bouncyKey), AeadKey.TagSize * 8, _nonce, _associated));
        int written = gcm.ProcessBytes(_plain, 0, _plain.Length, _bouncyOutput, 0);
        return written + gcm.DoFinal(_bouncyOutput, written);
    }

    private void Seal(AeadKey key)
    {
        RandomBytes.Fill(_nonce);
        key.Seal(_nonce, _plain, _cipher, _tag, _associated);
    }

    private bool SealAndOpen(AeadKey key)
    {
        Seal(key);
        return key.TryOpen(_nonce, _cipher, _tag, _cipher, _associated);
    }
}

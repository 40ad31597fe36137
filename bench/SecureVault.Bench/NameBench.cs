using System;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using SecureVault.Crypto;
using SecureVault.Format.V1;

namespace SecureVault.Bench;

/// <summary>One file name: a padded name of 32 bytes in a folder of 16, and what the same blocks would take done otherwise.</summary>
public class NameBench : IDisposable
{
    private readonly byte[] _name = new byte[32];
    private readonly byte[] _folder = new byte[16];
    private readonly byte[] _sealed = new byte[32 + SivKey.IvSize];
    private readonly byte[] _block = new byte[16];
    private readonly byte[] _blocks = new byte[32];
    private readonly Aes _aes = Aes.Create();
    private readonly CMac _mac = new(new AesEngine());
    private readonly AesEngine _engine = new();
    private readonly SivKey _key;
    private readonly NameCodec _codec;
    private readonly DirectoryId _directory = new(new Id128(1, 2));
    private readonly byte[] _cipher = new byte[NameCodec.MaxCipherName];
    private readonly byte[] _stored = new byte[NameCodec.MaxStoredName];
    private readonly byte[] _plain = new byte[NameCodec.MaxPlainName];
    private readonly int _storedLength;

    public NameBench()
    {
        using var key = SecretKey.Generate(64);
        _key = SivKey.Create(key);
        _key.Seal(_name, _folder, _sealed);
        _codec = new NameCodec(_key);
        _storedLength = Encrypt();
        _mac.Init(new KeyParameter(key.Bytes[..32].ToArray()));
        _engine.Init(true, new KeyParameter(key.Bytes[32..].ToArray()));
    }

    [Benchmark(Baseline = true)]
    public void Seal() => _key.Seal(_name, _folder, _sealed);

    [Benchmark]
    public bool Open() => _key.TryOpen(_sealed, _folder, _name);

    /// <summary>A name as a lookup needs it: encrypted and spelled for the store.</summary>
    [Benchmark]
    public int Encrypt()
    {
        int length = _codec.Encrypt(_directory, "quarterly-report.xlsx"u8, _cipher, out _);
        return NameCodec.Spell(_cipher.AsSpan(0, length), _stored, out _);
    }

    /// <summary>A name as a listing finds it: read from the store's spelling and decrypted.</summary>
    [Benchmark]
    public bool Decrypt() =>
        NameCodec.TryUnspell(_stored.AsSpan(0, _storedLength), _cipher, out int length, out _)
        && _codec.TryDecrypt(_directory, _cipher.AsSpan(0, length), _plain, out _, out _);

    /// <summary>The five AES blocks of a name in one-shot calls of the system's library.</summary>
    [Benchmark]
    public int SystemOneShots() =>
        _aes.EncryptEcb(_folder, _block, PaddingMode.None)
        + _aes.EncryptCbc(_name, _block, _blocks, PaddingMode.None)
        + _aes.EncryptEcb(_name, _blocks, PaddingMode.None);

    /// <summary>The same blocks by BouncyCastle, whose tables show the key to whoever can time the cache.</summary>
    [Benchmark]
    public int BouncyCastle()
    {
        _mac.BlockUpdate(_folder, 0, 16);
        _mac.DoFinal(_block, 0);
        _mac.BlockUpdate(_name, 0, 32);
        _mac.DoFinal(_block, 0);
        return _engine.ProcessBlock(_name, 0, _blocks, 0) + _engine.ProcessBlock(_name, 16, _blocks, 16);
    }

    public void Dispose()
    {
        _key.Dispose();
        _aes.Dispose();
        GC.SuppressFinalize(this);
    }
}

using System;
using BenchmarkDotNet.Attributes;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;

namespace SecureVault.Bench;

/// <summary>A file's header: its secret wrapped under the label's key and unwrapped, and all that an open does with the 512 bytes.</summary>
public class HeaderBench : IWrappingKeys, IDisposable
{
    private readonly byte[] _header = new byte[FileLayout.HeaderSize];
    private readonly byte[] _scratch = new byte[FileLayout.HeaderSize];
    private readonly SecretKey _secret = SecretKey.Generate(FileHeader.SecretSize);
    private readonly AeadKey _headerKey = NewKey();
    private readonly AeadKey _labelKey = NewKey();
    private readonly BlockCodec _codec;
    private readonly FileIdentity _identity = new(CipherSuite.Aes256Gcm, 12, Protection.Encrypted, new FileId(new Id128(1, 2)));
    private readonly KeyId _keyId = new(new Id128(3, 4));
    private FileState _state = new() { Size = 1000, DataBlocks = 1, Generation = 1 };

    public HeaderBench()
    {
        _codec = new BlockCodec(_identity, _secret);
        FileHeader.WriteKeyRecord(_header.AsSpan(0, FileHeader.KeyRecordSize), _identity, _headerKey, _keyId, _labelKey, _secret);
        FileHeader.WriteState(_header.AsSpan(FileHeader.StateRecordOffset), _codec.FileKey, _identity.Id, _state);
    }

    private ReadOnlySpan<byte> KeyRecord => _header.AsSpan(0, FileHeader.KeyRecordSize);

    [Benchmark]
    public void Wrap() => FileHeader.WriteKeyRecord(_scratch.AsSpan(0, FileHeader.KeyRecordSize), _identity, _headerKey, _keyId, _labelKey, _secret);

    [Benchmark]
    public FormatStatus Unwrap()
    {
        FormatStatus status = FileHeader.TryOpenKeyRecord(KeyRecord, _headerKey, this, out _, out _, out SecretKey? secret);
        secret?.Dispose();
        return status;
    }

    /// <summary>What tells a file's label without opening it: the outer layer alone.</summary>
    [Benchmark]
    public FormatStatus ReadKeyId() => FileHeader.TryReadKeyId(KeyRecord, _headerKey, out _, out _);

    [Benchmark]
    public void SealState() => FileHeader.WriteState(_scratch.AsSpan(FileHeader.StateRecordOffset), _codec.FileKey, _identity.Id, _state);

    /// <summary>Unwrap, the file's own key, the state: every step of an open but the store's.</summary>
    [Benchmark(Baseline = true)]
    public FormatStatus OpenHeader()
    {
        FormatStatus status = FileHeader.TryOpenKeyRecord(KeyRecord, _headerKey, this, out FileIdentity identity, out _, out SecretKey? secret);
        if (status != FormatStatus.Ok)
        {
            return status;
        }

        using (secret)
        {
            using var codec = new BlockCodec(identity, secret!);
            return FileHeader.TryOpenState(_header.AsSpan(FileHeader.StateRecordOffset), codec.FileKey, identity.Id, identity.BlockShift, out _state);
        }
    }

    AeadKey? IWrappingKeys.Find(KeyId id) => id == _keyId ? _labelKey : null;

    public void Dispose()
    {
        _codec.Dispose();
        _secret.Dispose();
        _headerKey.Dispose();
        _labelKey.Dispose();
        GC.SuppressFinalize(this);
    }

    private static AeadKey NewKey()
    {
        using var key = SecretKey.Generate(AeadKey.KeySize(CipherSuite.Aes256Gcm));
        return AeadKey.Create(CipherSuite.Aes256Gcm, key);
    }
}

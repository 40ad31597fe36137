using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Symbolic-link targets: base64url(AES-SIV(link key, "symlink", target)); the target's length is exact.</summary>
public sealed class SymlinkCodec
{
    /// <summary>Longest plain target in bytes: its spelling fits 4095 characters.</summary>
    public const int MaxTarget = 3055;

    public SymlinkCodec(SivKey linkKey) => throw new NotSupportedException();

    /// <summary>Spells the sealed target; stored has room for 4095 bytes; returns its length.</summary>
    public int Seal(ReadOnlySpan<byte> target, Span<byte> stored) => throw new NotSupportedException();

    public bool TryOpen(ReadOnlySpan<byte> stored, Span<byte> target, out int length) => throw new NotSupportedException();

    /// <summary>Plain length for a stored length, or -1.</summary>
    public static int TargetLength(long storedLength) => throw new NotSupportedException();
}

/// <summary>Extended attributes: name and value sealed under the owner's key (file key, or the folder key for folders).</summary>
public static class XattrCodec
{
    /// <summary>Prefix of every stored attribute name.</summary>
    public static ReadOnlySpan<byte> StoredPrefix => "user.securevault."u8;

    /// <summary>Bytes that a value grows by.</summary>
    public const int ValueOverhead = 28;

    /// <summary>Stored name = prefix + base64url(AES-SIV(name key, associated = owner id, plain name)). Returns length, at most 255, or -1 when too long.</summary>
    public static int SpellName(SivKey nameKey, UInt128 owner, ReadOnlySpan<byte> plainName, Span<byte> stored) => throw new NotSupportedException();

    public static bool TryReadName(SivKey nameKey, UInt128 owner, ReadOnlySpan<byte> stored, Span<byte> plainName, out int length) => throw new NotSupportedException();

    /// <summary>stored has value.Length + 28 bytes; bound to owner and name.</summary>
    public static void SealValue(AeadKey key, UInt128 owner, ReadOnlySpan<byte> plainName, ReadOnlySpan<byte> value, Span<byte> stored) => throw new NotSupportedException();

    public static bool TryOpenValue(AeadKey key, UInt128 owner, ReadOnlySpan<byte> plainName, ReadOnlySpan<byte> stored, Span<byte> value) => throw new NotSupportedException();
}

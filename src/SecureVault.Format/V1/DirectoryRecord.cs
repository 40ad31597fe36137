using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>What a folder says of itself: identity, place, and the label new files in it take.</summary>
public struct DirectoryRecord
{
    /// <summary>Size of the stored record in bytes, fixed.</summary>
    public const int StoredSize = 160;

    public DirectoryId Id;

    /// <summary>Tag of its name in its parent; zero for the root.</summary>
    public NameTag Name;
    public NameTag PreviousName;

    /// <summary>Compartment key that new files take; zero = the vault's unlabelled key.</summary>
    public KeyId LabelKey;

    /// <summary>Protection of new unlabelled files ("optional" encryption sets Clear).</summary>
    public Protection NewFiles;

    public readonly void Write(Span<byte> stored, AeadKey directoryKey, CipherSuite suite) => throw new NotSupportedException();

    public static FormatStatus TryOpen(ReadOnlySpan<byte> stored, AeadKey directoryKey, CipherSuite suite, out DirectoryRecord record) => throw new NotSupportedException();
}

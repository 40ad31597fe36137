using System;

namespace SecureVault.Policy;

/// <summary>Department, level and optional compartment of a file; bound to it through its key.</summary>
/// <remarks>Department is a slash-separated path ("finance/treasury"). Names are as the policy spells them (aliases resolved).</remarks>
public sealed record Label(string Department, string Level, string Compartment)
{
    /// <summary>The unlabelled (public) label: all parts empty.</summary>
    public static Label None { get; } = new("", "", "");

    public bool IsNone => Department.Length == 0;

    /// <summary>Spelled "finance/treasury:secret:customer-7", or "unlabelled".</summary>
    public override string ToString() => throw new NotSupportedException();

    /// <summary>Splits "department:level[:compartment]" without looking anything up; false when malformed.</summary>
    public static bool TryParse(string text, out Label? label) => throw new NotSupportedException();
}

/// <summary>What a subject gets for a file. Ordered: higher is more.</summary>
public enum AccessMode : byte
{
    Denied = 0,
    ReadOnly = 1,
    Plaintext = 2,
}

/// <summary>What the caller wants to do.</summary>
public enum AccessAction : byte
{
    /// <summary>Read content or list a folder.</summary>
    Read = 0,

    /// <summary>Write, truncate, create, delete, rename, change attributes.</summary>
    Write = 1,
}

/// <summary>Encryption mode of a user or folder (mandatory, optional, read-only).</summary>
public enum EncryptionMode : byte
{
    /// <summary>All that is written is encrypted.</summary>
    Mandatory = 0,

    /// <summary>New unlabelled files stay plain on disk (authenticated).</summary>
    Optional = 1,

    /// <summary>May read protected files, never change them; own unlabelled files stay plain.</summary>
    ReadOnly = 2,
}

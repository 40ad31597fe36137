using System;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy;

/// <summary>Department, level and optional compartment of a file; bound to it through its key.</summary>
/// <remarks>Department is a slash-separated path ("finance/treasury"). Names are as the policy spells them (aliases resolved).</remarks>
public sealed record Label(string Department, string Level, string Compartment)
{
    /// <summary>The unlabelled (public) label: all parts empty.</summary>
    public static Label None { get; } = new("", "", "");

    /// <summary>Characters of the longest label, spelled.</summary>
    public const int MaxLength = PolicyName.MaxPathLength + 1 + PolicyName.MaxLength + 1 + PolicyName.MaxLength;

    public bool IsNone => Department.Length == 0;

    /// <summary>Spelled "finance/treasury:secret:customer-7", or "unlabelled".</summary>
    public override string ToString() =>
        IsNone ? "unlabelled" : Compartment.Length == 0 ? $"{Department}:{Level}" : $"{Department}:{Level}:{Compartment}";

    /// <summary>As ToString, into target; false when it does not fit. A label that follows the grammar of names has at most MaxLength characters.</summary>
    public bool TryFormat(Span<char> target, out int written) =>
        IsNone ? target.TryWrite($"unlabelled", out written)
        : Compartment.Length == 0 ? target.TryWrite($"{Department}:{Level}", out written)
        : target.TryWrite($"{Department}:{Level}:{Compartment}", out written);

    /// <summary>The label once a department is called otherwise: changed when it is of that department or of one below it.</summary>
    public Label WithDepartmentRenamed(string from, string to) =>
        !IsNone && PolicyName.Covers(from, Department) ? this with { Department = to + Department[from.Length..] } : this;

    /// <summary>Splits "department:level[:compartment]" without looking anything up; false when malformed.</summary>
    /// <remarks>Parts must follow the grammar of names; "unlabelled" and the grants' "*" are no labels.</remarks>
    public static bool TryParse(string text, out Label? label)
    {
        label = null;
        string[] parts = text.Split(':');
        if (parts.Length is not (2 or 3) || PolicyName.PathProblem(parts[0]) is not null || PolicyName.Problem("level", parts[1]) is not null)
        {
            return false;
        }

        if (parts.Length == 3 && PolicyName.Problem("compartment", parts[2]) is not null)
        {
            return false;
        }

        label = new Label(parts[0], parts[1], parts.Length == 3 ? PolicyName.FoldCompartment(parts[2]) : "");
        return true;
    }
}

/// <summary>What a subject gets for a file. Ordered: higher is more.</summary>
public enum AccessMode : byte
{
    Denied = 0,
    ReadOnly = 1,
    Plaintext = 2,
}

/// <summary>What the caller wants to do. Grants know reading (Read, List) and writing (all others) only; rules tell them apart.</summary>
public enum AccessAction : byte
{
    /// <summary>Read content or attributes.</summary>
    Read = 0,

    /// <summary>Write, truncate, change attributes.</summary>
    Write = 1,

    /// <summary>List a folder.</summary>
    List = 2,

    /// <summary>Make an object in a folder, or give one another name there.</summary>
    Create = 3,

    /// <summary>Rename or move.</summary>
    Rename = 4,

    /// <summary>Remove, or replace by a rename.</summary>
    Delete = 5,

    /// <summary>Give another label.</summary>
    Relabel = 6,
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

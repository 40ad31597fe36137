namespace SecureVault.Policy;

/// <summary>The words for the policy's choices, in documents, in the audit log and on the command line.</summary>
public static class Spelling
{
    /// <summary>"denied", "read-only" or "plaintext".</summary>
    public static string Of(AccessMode mode) => mode switch
    {
        AccessMode.Plaintext => "plaintext",
        AccessMode.ReadOnly => "read-only",
        _ => "denied",
    };

    /// <summary>"mandatory", "optional" or "read-only".</summary>
    public static string Of(EncryptionMode mode) => mode switch
    {
        EncryptionMode.Optional => "optional",
        EncryptionMode.ReadOnly => "read-only",
        _ => "mandatory",
    };

    /// <summary>The mode of a grant: "plaintext" or "read-only"; false for anything else.</summary>
    public static bool TryMode(string text, out AccessMode mode)
    {
        mode = text switch { "plaintext" => AccessMode.Plaintext, "read-only" => AccessMode.ReadOnly, _ => AccessMode.Denied };
        return mode != AccessMode.Denied;
    }

    /// <summary>"mandatory", "optional" or "read-only"; false for anything else.</summary>
    public static bool TryEncryption(string text, out EncryptionMode mode)
    {
        (mode, bool known) = text switch
        {
            "mandatory" => (EncryptionMode.Mandatory, true),
            "optional" => (EncryptionMode.Optional, true),
            "read-only" => (EncryptionMode.ReadOnly, true),
            _ => (EncryptionMode.Mandatory, false),
        };
        return known;
    }
}

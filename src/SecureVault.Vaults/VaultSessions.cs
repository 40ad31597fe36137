using SecureVault.Format.V1;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>Reads and writes the document `sessions`. Written only under the mount lock.</summary>
internal static class VaultSessions
{
    public static VaultStatus Read(VaultParts parts, out SessionsDocument? sessions, out ulong version, out string problem)
    {
        sessions = null;
        VaultStatus status = parts.Documents.Read(parts.Folder!, VaultNames.Sessions, DocumentKind.Sessions, out version, out byte[]? body, out _, out problem);
        if (status == VaultStatus.Ok && !SessionsDocument.TryParse(body!, out sessions))
        {
            problem = "is damaged: its content is no list of sessions";
            status = VaultStatus.Corrupt;
        }

        return status;
    }

    public static VaultStatus Write(VaultParts parts, SessionsDocument sessions, ulong version) =>
        parts.Documents.Write(parts.Folder!, VaultNames.Sessions, DocumentKind.Sessions, version, sessions.ToJson(), parts.Keyring.Signer);
}

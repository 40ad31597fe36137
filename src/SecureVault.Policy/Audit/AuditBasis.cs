namespace SecureVault.Policy.Audit;

/// <summary>What a recorded decision was made of, beside user, label, path, process and policy: enough to decide it again by another policy.</summary>
/// <param name="GrantedTo">User or group whose grant decided, or empty.</param>
/// <param name="Grant">That grant's scope, or empty.</param>
/// <param name="Rule">The rule or lock that lowered it, or empty.</param>
/// <param name="Observed">Refused by everything else, and let through because the department only observes.</param>
/// <param name="Groups">The user's group numbers at that time, joined by commas; SIDs are not kept.</param>
/// <param name="Program">Digest of the program, where the policy asked for programs and it could be told; else empty.</param>
/// <param name="Script">Digest of the script of an interpreter, or empty.</param>
/// <param name="Host">Name of the machine, or empty.</param>
/// <param name="Session">Kind of session, where the policy asked for it; else empty.</param>
public sealed record AuditBasis(string GrantedTo, string Grant, string Rule, bool Observed, string Groups, string Program, string Script, string Host, string Session)
{
    /// <summary>Of records that no decision led to, and of those from before this was kept.</summary>
    public static AuditBasis None { get; } = new("", "", "", false, "", "", "", "", "");
}

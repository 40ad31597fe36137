using SecureVault.Policy.Audit;

namespace SecureVault.Vaults.Audit;

/// <summary>Where the engine reports. False = not written, and then the operation must fail.</summary>
public interface IAuditSink
{
    bool TryRecord(in AuditFacts facts);

    bool TryRecord(AuditRecord record) => TryRecord(record.ToFacts());
}

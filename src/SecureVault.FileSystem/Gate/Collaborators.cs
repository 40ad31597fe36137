using System.Collections.Generic;
using SecureVault.Policy;
using SecureVault.Policy.Audit;

namespace SecureVault.FileSystem.Gate;

/// <summary>Where the engine learns the policy in force: asked at each decision, follows a change at once.</summary>
public interface IPolicySource
{
    /// <summary>The newest authentic policy; never an older one than it gave before. Cheap (one stat) when nothing changed.</summary>
    PolicyDocument Current { get; }
}

/// <summary>Where the engine reports. False = not written, and then the operation must fail.</summary>
public interface IAuditSink
{
    bool TryRecord(in AuditFacts facts);

    bool TryRecord(AuditRecord record) => TryRecord(record.ToFacts());
}

/// <summary>What the machine knows of a caller: its groups (user database, cached) and program.</summary>
public interface ICallerDirectory
{
    IReadOnlyList<uint> GroupsOf(uint uid, uint gid);

    /// <summary>Path of the program, or empty when not known.</summary>
    string ExecutableOf(int pid);
}

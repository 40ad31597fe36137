using System;
using System.Threading;
using SecureVault.FileSystem.Stored;
using SecureVault.FileSystem.Trail;
using SecureVault.Storage;

namespace SecureVault.FileSystem.Gate;

/// <summary>What the open files of a drive have in common, and how many there are.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class OpenFiles
{
    private int _count;

    public OpenFiles(IBackingStore store, Contents contents, FolderRecords records, AuditTrail trail, TimeProvider clock)
    {
        Store = store;
        Contents = contents;
        Records = records;
        Trail = trail;
        Clock = clock;
        Shares = new OpenShares(store.OpenLimit, servesOthers: Environment.IsPrivilegedProcess);
    }

    public IBackingStore Store { get; }
    public Contents Contents { get; }
    public FolderRecords Records { get; }
    public AuditTrail Trail { get; }
    public TimeProvider Clock { get; }
    public OpenShares Shares { get; }

    /// <summary>Set once, when the gate is there.</summary>
    public Revocation Revocation { get; set; } = null!;

    /// <summary>Files open now.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Opened() => Interlocked.Increment(ref _count);

    public void Closed() => Interlocked.Decrement(ref _count);
}

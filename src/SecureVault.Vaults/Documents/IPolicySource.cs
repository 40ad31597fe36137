using SecureVault.Policy.Documents;

namespace SecureVault.Vaults.Documents;

/// <summary>Where the engine learns the policy in force: asked at each decision, follows a change at once.</summary>
public interface IPolicySource
{
    /// <summary>The newest authentic policy; never an older one than it gave before. Cheap (one stat) when nothing changed.</summary>
    PolicyDocument Current { get; }

    /// <summary>The newest version that anything is known of: what an older one decided is to be decided anew. Costs nothing.</summary>
    ulong Newest { get; }
}

using System;
using SecureVault.Content;
using SecureVault.Storage;

namespace SecureVault.Vaults;

/// <summary>One mount of a vault. Dispose = its clean end, after the last file was committed.</summary>
public interface IVaultSession : IDisposable
{
    /// <summary>What the files of this mount share.</summary>
    ContentContext Content { get; }

    /// <summary>The folder root/, borrowed.</summary>
    StoreHandle RootDirectory { get; }

    /// <summary>Called once, with a sentence, when another has taken the vault over: nothing can be written any more, and the drive must end.</summary>
    void OnLost(Action<string> lost);

    /// <summary>Says that not everything could be made clean: the session will count as crashed, so that the next mount recovers its files.</summary>
    void Abandon();
}

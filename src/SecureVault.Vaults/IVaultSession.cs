using System;
using SecureVault.Content;
using SecureVault.Storage;

namespace SecureVault.Vaults;

/// <summary>One mount of a vault. Its end comes after the last file was committed: End, or Dispose for who does not ask how it went.</summary>
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

    /// <summary>Keeps where the drive is known: others are told of it who find the vault taken.</summary>
    /// <param name="place">Asked now and then, on another thread; empty when the drive is mounted nowhere.</param>
    void Follow(Func<string> place);

    /// <summary>The clean end, once. Failed, with a sentence, when not all of it could be made durable: then the session counts as crashed.</summary>
    VaultResult End();
}

using System;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Storage;

namespace SecureVault.Content;

/// <summary>What all files of a mounted vault share.</summary>
/// <param name="Session">This mount's session number (offline tools: 0, and they write no state).</param>
/// <param name="CrashedSessions">Sessions that ended without unmount: their Open files are recovered, others' are Corrupt.</param>
/// <param name="JournalDirectory">The vault's journal folder.</param>
public sealed record ContentContext(IBackingStore Store, CipherSuite Suite, int BlockShift, AeadKey HeaderKey, IWrappingKeys Keys, ulong Session, ICrashedSessions CrashedSessions, StoreHandle JournalDirectory, TimeProvider Clock)
{
    /// <summary>Buffers of all files of the vault.</summary>
    internal BufferPool Buffers { get; } = new(BlockShift);
}

/// <summary>Which sessions ended badly.</summary>
public interface ICrashedSessions
{
    bool Contains(ulong session);
}

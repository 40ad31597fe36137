using System;
using SecureVault.Crypto;
using SecureVault.FileSystem.Storage;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Content;

/// <summary>What all files of a mounted vault share.</summary>
/// <param name="Session">This mount's session number (offline tools: 0, and they write no state).</param>
/// <param name="CrashedSessions">Sessions that ended without unmount: their Open files are recovered, others' are Corrupt.</param>
/// <param name="JournalDirectory">The vault's journal folder.</param>
public sealed record ContentContext(IBackingStore Store, CipherSuite Suite, int BlockShift, AeadKey HeaderKey, IWrappingKeys Keys, ulong Session, ICrashedSessions CrashedSessions, StoreHandle JournalDirectory, TimeProvider Clock);

/// <summary>Which sessions ended badly.</summary>
public interface ICrashedSessions
{
    bool Contains(ulong session);
}

/// <summary>The content of one stored file, shared by all its opens: blocks, holes, size, crash safety. Knows no label rules and no names' meaning.</summary>
/// <remarks>Any thread: reads share, writes exclude. Owns its handle and key. One instance for each open inode, else two views differ.</remarks>
internal sealed class FileContent : IDisposable
{
    public KeyId KeyId => throw new NotSupportedException();
    public UInt128 XattrOwner => throw new NotSupportedException();
    public AeadKey XattrKey => throw new NotSupportedException();
    public StoreHandle Handle => throw new NotSupportedException();

    /// <summary>Plain size in bytes.</summary>
    public long Size => throw new NotSupportedException();

    /// <summary>True when the state record is to be closed by Commit.</summary>
    public bool NeedsCommit => throw new NotSupportedException();

    /// <summary>Writes the header of a new, empty stored file (clean, size 0). Takes the handle on Ok.</summary>
    public static VaultStatus Create(ContentContext context, StoreHandle file, KeyId keyId, Protection protection, NameTag name, out FileContent? content) => throw new NotSupportedException();

    /// <summary>Opens and checks the header; recovers a file that a crashed session left open (needs writable). Takes the handle on Ok.</summary>
    public static VaultStatus Open(ContentContext context, StoreHandle file, bool writable, out FileContent? content) => throw new NotSupportedException();

    public VaultStatus Read(long plainOffset, Span<byte> plain, out int read) => throw new NotSupportedException();

    /// <summary>append: at the end, whatever plainOffset says.</summary>
    public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, bool append, out int written) => throw new NotSupportedException();

    /// <summary>Shrinks, or grows with an authenticated hole. To 0: a new file id and secret.</summary>
    public VaultStatus Truncate(long plainSize) => throw new NotSupportedException();
    public VaultStatus Allocate(AllocateKind kind, long plainOffset, long length) => throw new NotSupportedException();
    public VaultStatus Seek(SeekKind kind, long plainOffset, out long found) => throw new NotSupportedException();

    /// <summary>fsync: journal applied, state written, all durable.</summary>
    public VaultStatus Sync(bool dataOnly) => throw new NotSupportedException();

    /// <summary>Writes the clean state record. The caller has made the data durable (SyncAll) unless durable is false, then it syncs itself first.</summary>
    public VaultStatus Commit(bool durable) => throw new NotSupportedException();

    /// <summary>Records the name after or before a rename or link (state record).</summary>
    public VaultStatus SetName(NameTag name, NameTag previous, bool manyNames) => throw new NotSupportedException();

    /// <summary>Rewraps the secret under another compartment key (key record only, under the file's lock).</summary>
    public VaultStatus Relabel(KeyId keyId) => throw new NotSupportedException();

    /// <summary>Reads every block; the index of the first bad one, or -1.</summary>
    public VaultStatus Verify(Action<long>? progress, out long firstBadBlock) => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}

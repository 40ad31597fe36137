using System;
using System.Threading;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>The content of one stored file, shared by all its opens: blocks, holes, size, crash safety. Knows no label rules and no names' meaning.</summary>
/// <remarks>Any thread: reads share, writes exclude. Owns its handle and key. One instance for each open inode, else two views differ.</remarks>
public sealed class FileContent : IDisposable
{
    /// <summary>Guards the body. Taken before every lock inside it; the owner's locks are taken before it.</summary>
    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.NoRecursion);
    private readonly FileBody _body;

    private FileContent(FileBody body) => _body = body;

    /// <summary>Key that the secret is wrapped under, as of the last time it was read; <see cref="RefreshKeyId"/> follows a relabelling by another process.</summary>
    public KeyId KeyId => _body.KeyId;

    /// <summary>Owner id for extended attributes; changes when the file is truncated to zero without having any.</summary>
    public Id128 XattrOwner => _body.Codec.Identity.Id.Value;

    /// <summary>Key for extended attributes, borrowed; changes with <see cref="XattrOwner"/>.</summary>
    public AeadKey XattrKey => _body.Codec.FileKey;

    public StoreHandle Handle => _body.File;

    /// <summary>Plain size in bytes.</summary>
    public long Size => _body.Size;

    /// <summary>True when the state record is to be closed by Commit.</summary>
    public bool NeedsCommit => _body.CanWrite && _body.IsOpen;

    /// <summary>Counts changes: a Commit that relies on an earlier SyncAll names the count it saw before.</summary>
    public ulong Changes => _body.Changes;

    /// <summary>Whether the state record lets the file stand under a name.</summary>
    public bool MayBe(NameTag name) => FileNames.Has(_body.Recorded, name);

    /// <summary>Writes the header of a new, empty stored file. Takes the handle on Ok.</summary>
    /// <remarks>The record says Open, so that the first write needs none: Commit makes it clean.</remarks>
    /// <returns>ReadOnly for offline tools; Corrupt when the keyring lacks the key; what the store says.</returns>
    public static VaultStatus Create(ContentContext context, StoreHandle file, KeyId keyId, Protection protection, NameTag name, out FileContent? content)
    {
        content = null;
        if (context.Session == 0)
        {
            return VaultStatus.ReadOnly;
        }

        var state = new FileState { Session = context.Session, Generation = 1, Flags = FileStateFlags.Open, Name = name, PreviousName = name };
        Span<byte> header = stackalloc byte[FileLayout.HeaderSize];
        VaultStatus status = Renewal.WriteHeader(context, header, keyId, protection, state, out BlockCodec? codec);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = context.Store.WriteAt(file, header, 0, out _);
        if (status != VaultStatus.Ok)
        {
            codec!.Dispose();
            return status;
        }

        content = new FileContent(new FileBody(context, file, writable: true, codec!, keyId, state) { FileDirty = true, Changes = 1 });
        return VaultStatus.Ok;
    }

    /// <summary>Opens and checks the header; recovers a file that a crashed session left open (needs writable). Takes the handle on Ok.</summary>
    /// <returns>Corrupt for a header not authentic, a clean file of another stored size than its record's, an Open one of a session that did not crash; NotSupported for a newer format.</returns>
    public static VaultStatus Open(ContentContext context, StoreHandle file, bool writable, out FileContent? content)
    {
        content = null;
        VaultStatus status = context.Store.Stat(file, out StoreStat stat);
        var opened = new OpenedFile(stackalloc byte[FileLayout.HeaderSize]);
        status = status == VaultStatus.Ok ? opened.Read(context.Store, file, writable ? VaultStatus.Ok : VaultStatus.ReadOnly, stat.Size) : status;
        return status == VaultStatus.Ok ? Open(context, ref opened, out content) : status;
    }

    /// <summary>As the other, of a file whose header and size are known already.</summary>
    public static VaultStatus Open(ContentContext context, ref OpenedFile file, out FileContent? content)
    {
        VaultStatus status = Opening.Run(context, ref file, out FileBody? body);
        content = body is null ? null : new FileContent(body);
        return status;
    }

    /// <summary>Fills plain from plainOffset; read is less than its length only at the end of the file.</summary>
    /// <returns>Corrupt when any block of the range is not authentic.</returns>
    public VaultStatus Read(long plainOffset, Span<byte> plain, out int read)
    {
        read = 0;
        if (plainOffset < 0)
        {
            return VaultStatus.Invalid;
        }

        _lock.EnterReadLock();
        try
        {
            int wanted = (int)long.Clamp(_body.Size - plainOffset, 0, plain.Length);
            VaultStatus status = BlockReader.Read(_body, plainOffset, plain[..wanted]);
            read = status == VaultStatus.Ok ? wanted : 0;
            return status;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>append: at the end, whatever plainOffset says. written says how much is in the file, also when the status is not Ok.</summary>
    public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, bool append, out int written) => WriteFrom(append ? long.MaxValue : plainOffset, append, plain, out written);

    /// <summary>As Write, and at the end where the offset lies behind it.</summary>
    public VaultStatus WriteAppended(long plainOffset, ReadOnlySpan<byte> plain, out int written) => WriteFrom(plainOffset, true, plain, out written);

    private VaultStatus WriteFrom(long plainOffset, bool atMostEnd, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        _lock.EnterWriteLock();
        try
        {
            long start = atMostEnd ? Math.Min(plainOffset, _body.Size) : plainOffset;
            return start < 0 ? VaultStatus.Invalid
                : start > FileLayout.MaxPlainSize - plain.Length ? VaultStatus.TooLarge
                : BlockWriter.Write(_body, start, plain, out written);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>As Write, but the file never grows: what lies past its end is left out.</summary>
    public VaultStatus WriteWithin(long plainOffset, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        _lock.EnterWriteLock();
        try
        {
            long fits = plainOffset < 0 ? 0 : Math.Clamp(_body.Size - plainOffset, 0, plain.Length);
            return plainOffset < 0 ? VaultStatus.Invalid : BlockWriter.Write(_body, plainOffset, plain[..(int)fits], out written);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Shrinks, or grows with an authenticated hole. To 0: a new file id and secret, unless the file has extended attributes.</summary>
    public VaultStatus Truncate(long plainSize)
    {
        if (plainSize < 0)
        {
            return VaultStatus.Invalid;
        }

        _lock.EnterWriteLock();
        try
        {
            return plainSize > FileLayout.MaxPlainSize ? VaultStatus.TooLarge : Resizing.SetSize(_body, plainSize);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>fallocate: length is above 0.</summary>
    public VaultStatus Allocate(AllocateKind kind, long plainOffset, long length)
    {
        if (plainOffset < 0 || length <= 0)
        {
            return VaultStatus.Invalid;
        }

        _lock.EnterWriteLock();
        try
        {
            return HoleMaking.Allocate(_body, kind, plainOffset, length);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>NoSuchOffset past the end, and past the last data. The end counts as a hole.</summary>
    public VaultStatus Seek(SeekKind kind, long plainOffset, out long found)
    {
        _lock.EnterReadLock();
        try
        {
            return HoleMaking.Seek(_body, kind, plainOffset, out found);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>fsync: on Ok everything written survives a power cut.</summary>
    public VaultStatus Sync(bool dataOnly)
    {
        _lock.EnterWriteLock();
        try
        {
            return Checkpoint.Sync(_body, dataOnly);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Nobody uses the content now: wipes and gives back what only speeds up further writes.</summary>
    public void Rest()
    {
        _lock.EnterWriteLock();
        _body.Tail.Forget();
        _lock.ExitWriteLock();
    }

    /// <summary>Writes the clean state record. durable: the caller has made the data durable (SyncAll), and seenChanges was Changes before that; else it syncs itself first.</summary>
    public VaultStatus Commit(bool durable, ulong? seenChanges = null)
    {
        _lock.EnterWriteLock();
        try
        {
            return Checkpoint.Commit(_body, durable && (seenChanges ?? _body.Changes) == _body.Changes);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Records the name before a rename or link (state record).</summary>
    /// <param name="known">All names that a file of several has, when they are known for certain; else empty.</param>
    public VaultStatus SetName(NameTag name, NameTag previous, bool manyNames, ReadOnlySpan<NameTag> known)
    {
        _lock.EnterWriteLock();
        try
        {
            return _body.WriteName(name, previous, manyNames, known);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Reads the key id again from the stored file: another process may have relabelled it.</summary>
    public VaultStatus RefreshKeyId()
    {
        _lock.EnterWriteLock();
        try
        {
            VaultStatus status = Renewal.ReadKeyId(_body.Context, _body.File, out KeyId keyId);
            _body.KeyId = status == VaultStatus.Ok ? keyId : _body.KeyId;
            return status;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Reads every block; the index of the first bad one, or -1. progress is told of plain bytes done.</summary>
    /// <returns>Corrupt with the block's index; what the store says with the first block it could not read.</returns>
    public VaultStatus Verify(Action<long>? progress, out long firstBadBlock)
    {
        _lock.EnterReadLock();
        try
        {
            return Verification.Run(_body, progress, out firstBadBlock);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose()
    {
        _body.Dispose();
        _lock.Dispose();
    }
}

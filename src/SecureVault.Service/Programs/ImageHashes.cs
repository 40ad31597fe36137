using System;
using System.Collections.Concurrent;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace SecureVault.Service.Programs;

/// <summary>SHA-256 of files by their stamp: a file that did not change is not read again.</summary>
/// <remarks>
/// Any thread; the one that asks first reads, others that want the same file wait for it. A content that root puts in place of another of the same size within one tick of the
/// file system's clock (at most 10 ms) and with the same time may be taken for the one before; of files that users may write the hash is believed by nobody (see <see cref="ProcessLook"/>).
/// </remarks>
internal sealed class ImageHashes(Func<SafeFileHandle, byte[]?> hasher, Func<SafeFileHandle, FileStamp?> stamp)
{
    /// <summary>A larger file is not read.</summary>
    public const ulong Largest = 1UL << 31;

    private const int Most = 4096;
    private const int Piece = 1 << 17;

    private readonly ConcurrentDictionary<FileStamp, Lazy<byte[]?>> _known = new();

    /// <param name="stamp">Tells a file's stamp; null for what is no file or cannot be asked.</param>
    public ImageHashes(Func<SafeFileHandle, FileStamp?> stamp)
        : this(Read, stamp)
    {
    }

    /// <summary>The hash if it is known; else null. Reads nothing.</summary>
    public byte[]? Known(in FileStamp content) => _known.TryGetValue(content, out Lazy<byte[]?>? known) && known.IsValueCreated ? known.Value : null;

    /// <summary>The hash of an open file, 32 bytes that nobody changes; null when it cannot be read, is no file, too large, or is being written.</summary>
    public byte[]? Of(SafeFileHandle file)
    {
        if (stamp(file) is not { Size: <= Largest } before)
        {
            return null;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        Lazy<byte[]?> wanted = _known.GetOrAdd(before, new Lazy<byte[]?>(() => hasher(file), LazyThreadSafetyMode.ExecutionAndPublication));
        if (wanted.Value is { } hash && stamp(file) == before)
        {
            return hash;
        }

        _known.TryRemove(new(before, wanted));
        return null;
    }

    private static byte[]? Read(SafeFileHandle file)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] piece = new byte[Piece];
            int got;
            for (long at = 0; (got = RandomAccess.Read(file, piece, at)) > 0; at += got)
            {
                hash.AppendData(piece, 0, got);
            }

            return hash.GetHashAndReset();
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

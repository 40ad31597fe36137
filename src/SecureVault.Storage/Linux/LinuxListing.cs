using System;
using System.Buffers;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Lists folders.</summary>
/// <remarks>
/// <code>
/// linux_dirent64, packed one after the other, native byte order
///  0  8  d_ino      8  8  d_off (cookie after this entry)     16  2  d_reclen     18  1  d_type     19  n  d_name, NUL
/// </code>
/// </remarks>
internal static unsafe class LinuxListing
{
    private const int BufferSize = 32 * 1024;
    private const int NameOffset = 19;

    internal static VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                VaultStatus status = Fill(directory, cookie, buffer, out int filled);
                if (status != VaultStatus.Ok || filled == 0 || !Deliver(directory, buffer.AsSpan(0, filled), sink, ref cookie))
                {
                    return status;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Seeks and reads under the folder's lock: its file position is shared by all who list it.</summary>
    private static VaultStatus Fill(StoreHandle directory, ulong cookie, byte[] buffer, out int filled)
    {
        filled = 0;
        lock (directory)
        {
            if (LibC.lseek(directory, unchecked((long)cookie), Kernel.SEEK_SET) < 0)
            {
                return SystemCall.LastStatus;
            }

            fixed (byte* start = buffer)
            {
                nint count;
                do
                {
                    count = LibC.getdents64(directory, start, BufferSize);
                }
                while (SystemCall.Again(count));
                filled = count > 0 ? (int)count : 0;
                return SystemCall.Status(count);
            }
        }
    }

    /// <summary>False when the sink stopped.</summary>
    private static bool Deliver(StoreHandle directory, ReadOnlySpan<byte> entries, IStoreEntrySink sink, ref ulong cookie)
    {
        while (entries.Length >= NameOffset)
        {
            int length = BitConverter.ToUInt16(entries[16..]);
            ReadOnlySpan<byte> name = entries[NameOffset..length];
            name = name[..name.IndexOf((byte)0)];
            ulong next = BitConverter.ToUInt64(entries[8..]);
            bool self = name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);
            if (!self && !sink.Add(name, BitConverter.ToUInt64(entries), KindOf(directory, name, entries[18]), next))
            {
                return false;
            }

            cookie = next;
            entries = entries[length..];
        }

        return true;
    }

    private static NodeKind KindOf(StoreHandle directory, ReadOnlySpan<byte> name, byte type) => type switch
    {
        Kernel.DT_REG => NodeKind.File,
        Kernel.DT_DIR => NodeKind.Directory,
        Kernel.DT_LNK => NodeKind.Symlink,
        Kernel.DT_FIFO => NodeKind.Fifo,
        Kernel.DT_CHR => NodeKind.CharacterDevice,
        Kernel.DT_BLK => NodeKind.BlockDevice,
        Kernel.DT_SOCK => NodeKind.Socket,
        _ => LinuxAttributes.Stat(directory, name, out StoreStat stat) == VaultStatus.Ok ? stat.Kind : NodeKind.File,
    };
}

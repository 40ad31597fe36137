using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>Lists folders.</summary>
/// <remarks>
/// Windows cannot go on from a name, and its place in a folder is the handle's own. So a listing is read whole, through a handle of its own
/// (one that stays open may go on showing what it found first), and given in the order of the names' hashes: the hash of the last name given is the cookie, which holds whatever is made or removed meanwhile.
/// <code>
/// FILE_ID_FULL_DIR_INFORMATION (MS-FSCC 2.4.18), chained, little-endian
///  0  4  NextEntryOffset (0: last)     56  4  FileAttributes     60  4  FileNameLength, bytes     72  8  FileId     80  n  FileName, UTF-16
/// </code>
/// </remarks>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsListing
{
    private const int BufferSize = 64 * 1024;
    private const int NameOffset = 80;

    internal static VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink)
    {
        var names = new ArrayBufferWriter<byte>(4096);
        var entries = new List<Entry>();
        VaultStatus status = NtOpen.Again(directory, Nt.FILE_READ_DATA, out WindowsHandle? own);
        using (own)
        {
            status = status == VaultStatus.Ok ? ReadAll(own!, cookie, names, entries) : status;
        }

        if (status != VaultStatus.Ok)
        {
            return status;
        }

        entries.Sort((one, other) => one.Order.CompareTo(other.Order));
        foreach (Entry entry in entries)
        {
            if (!sink.Add(names.WrittenSpan.Slice(entry.Start, entry.Length), entry.Inode, entry.Kind, entry.Order + 1))
            {
                break;
            }
        }

        return VaultStatus.Ok;
    }

    private static VaultStatus ReadAll(StoreHandle directory, ulong cookie, ArrayBufferWriter<byte> names, List<Entry> entries)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            byte restart = 1;
            while (true)
            {
                int result;
                IO_STATUS_BLOCK io = default;
                fixed (byte* start = buffer)
                {
                    result = NtDll.NtQueryDirectoryFile(directory, 0, 0, 0, &io, start, BufferSize, Nt.FileIdFullDirectoryInformation, 0, null, restart);
                }

                if (unchecked((uint)result) is NtStatus.STATUS_NO_MORE_FILES or NtStatus.STATUS_NO_SUCH_FILE)
                {
                    return VaultStatus.Ok;
                }

                if (!NtStatus.IsOk(result) || io.Information == 0)
                {
                    return NtStatus.IsOk(result) ? VaultStatus.InputOutput : NtStatus.ToStatus(result);
                }

                restart = 0;
                if (!Take(buffer.AsSpan(0, (int)io.Information), cookie, names, entries))
                {
                    return VaultStatus.InputOutput;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>False when an entry does not lie within what was answered.</summary>
    private static bool Take(ReadOnlySpan<byte> chain, ulong cookie, ArrayBufferWriter<byte> names, List<Entry> entries)
    {
        while (true)
        {
            if (chain.Length < NameOffset)
            {
                return false;
            }

            uint next = BitConverter.ToUInt32(chain);
            uint length = BitConverter.ToUInt32(chain[60..]);
            if (length > chain.Length - NameOffset || next > chain.Length)
            {
                return false;
            }

            Add(chain, MemoryMarshal.Cast<byte, char>(chain.Slice(NameOffset, (int)length)), cookie, names, entries);
            if (next == 0)
            {
                return true;
            }

            chain = chain[(int)next..];
        }
    }

    private static void Add(ReadOnlySpan<byte> entry, ReadOnlySpan<char> name, ulong cookie, ArrayBufferWriter<byte> names, List<Entry> entries)
    {
        if (name is "." or "..")
        {
            return;
        }

        int start = names.WrittenCount;
        int length = Encoding.UTF8.GetBytes(name, names.GetSpan(name.Length * 3)); // a name that is no UTF-16 becomes one that opens nothing
        ulong order = Order(names.GetSpan(length)[..length]);
        if (order >= cookie)
        {
            names.Advance(length);
            entries.Add(new Entry(order, BitConverter.ToUInt64(entry[72..]), start, length, WindowsAttributes.KindOf(BitConverter.ToUInt32(entry[56..]))));
        }
    }

    /// <summary>FNV-1a, 63 bits: positive as a file offset too, and never the largest.</summary>
    private static ulong Order(ReadOnlySpan<byte> name)
    {
        const ulong basis = 0xcbf29ce484222325;
        const ulong prime = 0x100000001b3;
        ulong hash = basis;
        foreach (byte one in name)
        {
            hash = unchecked((hash ^ one) * prime);
        }

        return hash >> 1 == long.MaxValue ? 0 : hash >> 1;
    }

    private readonly record struct Entry(ulong Order, ulong Inode, int Start, int Length, NodeKind Kind);
}

using System;
using System.Linq;
using System.Text;
using System.Threading;
using SecureVault.Fuse.Operations;
using SecureVault.Terms;

namespace SecureVault.Tests.Fuse;

/// <summary>Open files and folders.</summary>
internal sealed partial class MemoryDrive
{
    public OpenIntent LastIntent { get; private set; }

    public VaultStatus Open(in Caller caller, NodeId node, OpenIntent intent, out IDriveFile? file, out bool keepCache)
    {
        Before?.Invoke("Open");
        keepCache = true;
        file = null;
        LastIntent = intent;
        lock (_lock)
        {
            if (!_nodes.TryGetValue(node.Value, out Node? found))
            {
                return VaultStatus.Stale;
            }

            if ((intent & OpenIntent.Truncate) != 0)
            {
                Resize(found, 0);
            }

            Interlocked.Increment(ref OpenCount);
            file = new MemoryFile(this, found);
            return VaultStatus.Ok;
        }
    }

    public VaultStatus Create(
        in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, OpenIntent intent, out NodeEntry entry, out IDriveFile? file)
    {
        Before?.Invoke("Create");
        entry = default;
        file = null;
        LastIntent = intent;
        lock (_lock)
        {
            VaultStatus status = Make(caller, parent, name, NodeKind.File, mode, out Node? made);
            if (made is not null)
            {
                entry = EntryOf(made);
                Interlocked.Increment(ref OpenCount);
                file = new MemoryFile(this, made);
            }

            return status;
        }
    }

    public VaultStatus OpenDirectory(in Caller caller, NodeId node, out IDriveDirectory? directory)
    {
        Before?.Invoke("OpenDirectory");
        directory = null;
        lock (_lock)
        {
            if (!_nodes.TryGetValue(node.Value, out Node? found))
            {
                return VaultStatus.Stale;
            }

            Interlocked.Increment(ref OpenCount);
            directory = new MemoryDirectory(this, found);
            return VaultStatus.Ok;
        }
    }

    public VaultStatus GetStatistics(out StoreStatistics statistics)
    {
        Before?.Invoke("GetStatistics");
        statistics = new StoreStatistics
        {
            Blocks = 1 << 20, BlocksFree = 1 << 19, BlocksAvailable = 1 << 18, Files = 1000, FilesFree = 900, BlockSize = 4096, NameLength = 255,
        };
        return VaultStatus.Ok;
    }

    /// <summary>What a handle says of a write that comes by way of the page cache.</summary>
    public VaultStatus WritingByCache { get; set; }

    private sealed class MemoryFile(MemoryDrive drive, Node node) : IDriveFile
    {
        public VaultStatus CheckWritingByCache() => drive.WritingByCache;

        public VaultStatus Read(long plainOffset, Span<byte> plain, out int read)
        {
            drive.Before?.Invoke("Read");
            byte[] bytes = node.Bytes;
            read = (int)Math.Clamp(node.Size - plainOffset, 0, plain.Length);
            bytes.AsSpan((int)Math.Min(plainOffset, bytes.Length), read).CopyTo(plain);
            return VaultStatus.Ok;
        }

        public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, out int written)
        {
            drive.Before?.Invoke("Write");
            written = 0;
            if (plainOffset > Largest - plain.Length)
            {
                return VaultStatus.NoSpace;
            }

            lock (node)
            {
                Resize(node, Math.Max(node.Size, plainOffset + plain.Length));
                plain.CopyTo(node.Bytes.AsSpan((int)plainOffset));
            }

            written = plain.Length;
            return VaultStatus.Ok;
        }

        public VaultStatus WriteAppended(long plainOffset, ReadOnlySpan<byte> plain, out int written) => Write(Math.Min(plainOffset, node.Size), plain, out written);

        public VaultStatus Flush()
        {
            drive.Before?.Invoke("Flush");
            return VaultStatus.Ok;
        }

        public VaultStatus Sync(bool dataOnly)
        {
            drive.Before?.Invoke(dataOnly ? "SyncContent" : "Sync");
            return VaultStatus.Ok;
        }

        public VaultStatus Allocate(AllocateKind kind, long plainOffset, long length)
        {
            drive.Before?.Invoke("Allocate:" + kind);
            if (plainOffset > Largest || length > Largest - plainOffset)
            {
                return VaultStatus.NoSpace;
            }

            lock (node)
            {
                long end = plainOffset + length;
                if (kind is AllocateKind.Allocate or AllocateKind.ZeroRange && end > node.Size)
                {
                    Resize(node, end);
                }

                if (kind is AllocateKind.PunchHole or AllocateKind.ZeroRange or AllocateKind.ZeroRangeKeepSize && plainOffset < node.Size)
                {
                    node.Bytes.AsSpan((int)plainOffset, (int)(Math.Min(end, node.Size) - plainOffset)).Clear();
                }
            }

            return VaultStatus.Ok;
        }

        public VaultStatus Seek(SeekKind kind, long plainOffset, out long found)
        {
            drive.Before?.Invoke("Seek:" + kind);
            found = kind == SeekKind.Data ? plainOffset : node.Size;
            return plainOffset < node.Size ? VaultStatus.Ok : VaultStatus.NoSuchOffset;
        }

        public VaultStatus CopyTo(IDriveFile target, long plainOffset, long targetOffset, long length, out long copied)
        {
            drive.Before?.Invoke("CopyTo");
            byte[] bytes = new byte[length];
            VaultStatus status = Read(plainOffset, bytes, out int read);
            copied = 0;
            if (status == VaultStatus.Ok)
            {
                status = target.Write(targetOffset, bytes.AsSpan(0, read), out int written);
                copied = written;
            }

            return status;
        }

        public void Release()
        {
            Interlocked.Decrement(ref drive.OpenCount);
            drive.Before?.Invoke("Release");
        }
    }

    private sealed class MemoryDirectory(MemoryDrive drive, Node node) : IDriveDirectory
    {
        private (string, Node)[] _entries = [];

        public VaultStatus Read(ulong cookie, bool withAttributes, IDirectorySink sink)
        {
            drive.Before?.Invoke("ReadDirectory");
            (string, Node)[] entries = Snapshot(cookie == 0);

            for (ulong i = cookie; i < (ulong)entries.Length; i++)
            {
                (string name, Node child) = entries[i];
                if (withAttributes && i > 1 && !IsThere(name, child))
                {
                    continue; // removed since the listing was taken
                }

                drive.BeforeEntry?.Invoke();
                NodeEntry entry = withAttributes
                    ? drive.EntryOf(child)
                    : new NodeEntry { Attributes = new NodeAttributes { Inode = child.Id, Kind = child.Kind } };
                if (!sink.Add(Encoding.Latin1.GetBytes(name), i + 1, entry))
                {
                    if (withAttributes)
                    {
                        Interlocked.Decrement(ref child.Lookups);
                    }

                    break;
                }
            }

            return VaultStatus.Ok;
        }

        private bool IsThere(string name, Node child)
        {
            lock (drive._lock)
            {
                return node.Children.TryGetValue(name, out Node? now) && now == child;
            }
        }

        private (string, Node)[] Snapshot(bool again)
        {
            lock (drive._lock)
            {
                if (again || _entries.Length == 0)
                {
                    _entries = [(".", node), ("..", node.Parent!), .. node.Children.Select(c => (c.Key, c.Value))];
                }

                return _entries;
            }
        }

        public VaultStatus Sync()
        {
            drive.Before?.Invoke("SyncDirectory");
            return VaultStatus.Ok;
        }

        public void Release()
        {
            Interlocked.Decrement(ref drive.OpenCount);
            drive.Before?.Invoke("ReleaseDirectory");
        }
    }
}

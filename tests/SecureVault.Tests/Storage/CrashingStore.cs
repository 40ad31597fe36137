using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Tests.Storage;

/// <summary>The process was killed before this store call.</summary>
internal sealed class CrashException : Exception;

/// <summary>
/// A store that stops before its n-th changing call, fails writes when its space is used up, and remembers what was not made durable, so
/// that a power cut can lose it: each 512-byte sector written since the last sync keeps the content of some moment since, each size and
/// each name likewise.
/// </summary>
internal sealed class CrashingStore : DelegatingStore
{
    private sealed class Shadow
    {
        internal string Path = "";
        internal byte[] Durable = [];
        internal bool NameDurable;
        internal bool Unlinked;
        internal readonly List<(long Offset, byte[] Bytes)> Writes = [];
        internal readonly List<long> Sizes = [];
    }

    private const int Sector = 512;
    private readonly Dictionary<ulong, Shadow> _shadows = [];
    private readonly Dictionary<StoreHandle, Shadow> _handles = [];

    /// <summary>Changing calls made so far.</summary>
    internal int Calls { get; private set; }

    /// <summary>The call, counted from 1, before which the process dies; 0 = never.</summary>
    internal int StopAt { get; set; }

    /// <summary>Remember what is not durable.</summary>
    internal bool Tracks { get; init; }

    /// <summary>Bytes that writes past the stored end may still take.</summary>
    internal long Space { get; set; } = long.MaxValue;

    public override VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
    {
        bool creates = (open & StoreOpen.Create) != 0;
        if (creates)
        {
            Count();
        }

        VaultStatus status = Inner.OpenFile(directory, name, open, mode, out file);
        if (status == VaultStatus.Ok && Tracks)
        {
            Inner.Stat(file!, out StoreStat stat);
            if (!_shadows.TryGetValue(stat.Inode, out Shadow? shadow) || (creates && shadow.Unlinked))
            {
                string path = new FileInfo($"/proc/self/fd/{file!.DangerousGetHandle()}").LinkTarget!;
                ForgetRemoved(path);
                shadow = new Shadow { Path = path, Durable = creates ? [] : File.ReadAllBytes(path), NameDurable = !creates };
                _shadows[stat.Inode] = shadow;
            }

            _handles[file!] = shadow;
        }

        return status;
    }

    public override VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written)
    {
        Count();
        Inner.Stat(file, out StoreStat stat);
        long grows = Math.Max(0, offset + source.Length - Math.Max(stat.Size, offset));
        if (grows > Space)
        {
            int fits = (int)(source.Length - grows + Space);
            Inner.WriteAt(file, source[..fits], offset, out written);
            Remember(file, offset, source[..fits]);
            Space = 0;
            return VaultStatus.NoSpace;
        }

        Space -= Space == long.MaxValue ? 0 : grows;
        Remember(file, offset, source);
        return Inner.WriteAt(file, source, offset, out written);
    }

    public override VaultStatus SetSize(StoreHandle file, long size)
    {
        Count();
        if (Tracks)
        {
            Inner.Stat(file, out StoreStat stat);
            if (size < stat.Size)
            {
                Remember(file, size, new byte[stat.Size - size]);
            }

            _handles[file].Sizes.Add(size);
        }

        return Inner.SetSize(file, size);
    }

    public override VaultStatus PunchHole(StoreHandle file, long offset, long length)
    {
        Count();
        Remember(file, offset, new byte[length]);
        return Inner.PunchHole(file, offset, length);
    }

    public override VaultStatus Sync(StoreHandle handle, bool dataOnly)
    {
        Count();
        if (Tracks && _handles.TryGetValue(handle, out Shadow? shadow))
        {
            MakeDurable(shadow);
        }
        else if (Tracks)
        {
            foreach (Shadow named in _shadows.Values)
            {
                named.NameDurable = true;
            }
        }

        return VaultStatus.Ok;
    }

    public override VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name)
    {
        Count();
        string ending = "/" + Encoding.ASCII.GetString(name);
        foreach (Shadow shadow in _shadows.Values.Where(s => s.Path.EndsWith(ending, StringComparison.Ordinal)))
        {
            shadow.Unlinked = true;
            shadow.NameDurable = false;
        }

        return Inner.Unlink(parent, name);
    }

    /// <summary>Everything so far is durable.</summary>
    internal void Settle()
    {
        foreach ((ulong inode, Shadow shadow) in _shadows.ToArray())
        {
            if (shadow.Unlinked)
            {
                _shadows.Remove(inode);
            }
            else
            {
                shadow.NameDurable = true;
                MakeDurable(shadow);
            }
        }
    }

    /// <summary>Puts every file into a state that a power cut at this moment may leave.</summary>
    internal void CutPower(Random random)
    {
        foreach (Shadow shadow in _shadows.Values)
        {
            bool exists = shadow.NameDurable ? !shadow.Unlinked : random.Next(2) == 0;
            if (!exists)
            {
                File.Delete(shadow.Path);
                continue;
            }

            if (shadow.Unlinked && File.Exists(shadow.Path))
            {
                continue;
            }

            File.WriteAllBytes(shadow.Path, Survivor(shadow, random));
        }

        _shadows.Clear();
        _handles.Clear();
    }

    private static byte[] Survivor(Shadow shadow, Random random)
    {
        long largest = shadow.Writes.Select(w => w.Offset + w.Bytes.Length).Append(shadow.Durable.Length).Max();
        byte[] image = new byte[(largest + Sector - 1) / Sector * Sector];
        shadow.Durable.CopyTo(image, 0);
        var last = new Dictionary<long, int>();
        double kept = random.Next(3) / 2.0;
        for (int index = 0; index < shadow.Writes.Count; index++)
        {
            (long offset, byte[] bytes) = shadow.Writes[index];
            for (long sector = offset / Sector; sector * Sector < offset + bytes.Length; sector++)
            {
                // A sector's content is that of one moment: all writes up to it, none after.
                if (!last.TryGetValue(sector, out int moment))
                {
                    moment = random.NextDouble() < kept ? int.MaxValue : random.Next(-1, shadow.Writes.Count);
                    last[sector] = moment;
                }

                if (index <= moment)
                {
                    long start = Math.Max(offset, sector * Sector);
                    long end = Math.Min(offset + bytes.Length, (sector + 1) * Sector);
                    bytes.AsSpan((int)(start - offset), (int)(end - start)).CopyTo(image.AsSpan((int)start));
                }
            }
        }

        long[] sizes = [shadow.Durable.Length, .. shadow.Sizes];
        long size = random.NextDouble() < kept ? sizes[^1] : sizes[random.Next(sizes.Length)];
        Array.Resize(ref image, (int)size);
        return image;
    }

    // A name that is used again leads to the new file; and the system gives the old one's number to whom it likes.
    private void ForgetRemoved(string path)
    {
        foreach ((ulong inode, Shadow shadow) in _shadows.ToArray())
        {
            if (shadow.Unlinked && shadow.Path == path)
            {
                _shadows.Remove(inode);
            }
        }
    }

    private static void MakeDurable(Shadow shadow)
    {
        shadow.Writes.Clear();
        shadow.Sizes.Clear();
        shadow.Durable = File.Exists(shadow.Path) ? File.ReadAllBytes(shadow.Path) : shadow.Durable;
    }

    private void Count()
    {
        Calls++;
        if (StopAt > 0 && Calls >= StopAt)
        {
            throw new CrashException();
        }
    }

    private void Remember(StoreHandle file, long offset, ReadOnlySpan<byte> bytes)
    {
        if (!Tracks || !_handles.TryGetValue(file, out Shadow? shadow))
        {
            return;
        }

        shadow.Writes.Add((offset, bytes.ToArray()));
        Inner.Stat(file, out StoreStat stat);
        shadow.Sizes.Add(Math.Max(stat.Size, offset + bytes.Length));
    }
}

using System;
using System.Collections.Generic;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Tests.Storage;

/// <summary>A store that writes down which calls it was asked for, in their order. One thread at a time.</summary>
internal sealed class CountingStore : DelegatingStore
{
    private readonly List<string> _calls = [];

    /// <summary>Called before each call is passed on.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>When set, opens for writing are answered so.</summary>
    public VaultStatus? RefusesWriting { get; set; }

    /// <summary>The calls since the last time, and forgets them.</summary>
    public string Take()
    {
        string calls = string.Join(", ", _calls);
        _calls.Clear();
        return calls;
    }

    public override VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
    {
        bool writes = (open & StoreOpen.ReadWrite) != 0;
        Note((open & StoreOpen.Create) != 0 ? "create" : writes ? "open" : "open to read");
        file = null;
        return writes && RefusesWriting is { } refusal ? refusal : base.OpenFile(directory, name, open, mode, out file);
    }

    public override VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat)
    {
        Note("stat name");
        return base.Stat(directory, name, out stat);
    }

    public override VaultStatus Stat(StoreHandle handle, out StoreStat stat)
    {
        Note("stat");
        return base.Stat(handle, out stat);
    }

    public override VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read)
    {
        Note("read");
        return base.ReadAt(file, target, offset, out read);
    }

    public override VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written)
    {
        Note("write");
        return base.WriteAt(file, source, offset, out written);
    }

    public override VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name)
    {
        Note("unlink");
        return base.Unlink(parent, name);
    }

    public override VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid)
    {
        Note("owner");
        return base.SetOwner(handle, uid, gid);
    }

    private void Note(string call)
    {
        Before?.Invoke(call);
        _calls.Add(call);
    }
}

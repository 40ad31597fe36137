using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Tests.Format;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>A keyring in memory; a label gets its key when it is first asked for.</summary>
internal sealed class FakeKeyring : IWrappingKeys, ILabelKeys, IDisposable
{
    private readonly Dictionary<KeyId, (Label Label, AeadKey Key)> _keys = [];
    private int _last = 1;

    public FakeKeyring() => Unlabelled = Add(Label.None);

    public KeyId Unlabelled { get; }

    /// <summary>Newest key of "department:level", made when there is none.</summary>
    public KeyId KeyOf(string label)
    {
        Assert.True(Label.TryParse(label, out Label? parsed));
        KeyId newest = NewestOf(parsed!);
        return newest == default ? Add(parsed!) : newest;
    }

    /// <summary>Makes a newer key of the label.</summary>
    public KeyId Rotate(string label)
    {
        Assert.True(Label.TryParse(label, out Label? parsed));
        return Add(parsed!);
    }

    /// <summary>What objects were given last, by their ids.</summary>
    public Dictionary<Id128, KeyId> Given { get; } = [];

    public bool IsOld(Id128 owner, KeyId key) => Given.TryGetValue(owner, out KeyId given) && given != key;

    /// <summary>How often a label was noted or withdrawn.</summary>
    public int Notes { get; private set; }

    public VaultStatus Withdraw(StoreHandle file, KeyId next)
    {
        Notes++;
        return VaultStatus.Ok;
    }

    public VaultStatus Give(StoreHandle file)
    {
        Notes++;
        return VaultStatus.Ok;
    }

    public void Lose(KeyId id) => _keys.Remove(id);

    public AeadKey? Find(KeyId id) => _keys.TryGetValue(id, out (Label Label, AeadKey Key) entry) ? entry.Key : null;

    public Label? LabelOf(KeyId id) => _keys.TryGetValue(id, out (Label Label, AeadKey Key) entry) ? entry.Label : null;

    public KeyId NewestOf(Label label) => _keys.Where(k => k.Value.Label == label).Select(k => k.Key).OrderBy(k => k.Value).LastOrDefault();

    public void Dispose()
    {
        foreach ((Label _, AeadKey key) in _keys.Values)
        {
            key.Dispose();
        }
    }

    private KeyId Add(Label label)
    {
        var id = new KeyId(Samples.Id(_last++));
        using var key = SecretKey.Generate(32);
        _keys[id] = (label, AeadKey.Create(CipherSuite.Aes256Gcm, key));
        return id;
    }
}

/// <summary>A policy that tests edit in place.</summary>
internal sealed class FakePolicy : IPolicySource
{
    private PolicyDocument _read = PolicyDocument.Initial();

    public PolicyDocument Current
    {
        get => _read.Version < Newest ? _read.Closed() : _read;
        private set => _read = value;
    }

    public ulong Newest => Math.Max(_read.Version, Heard);

    /// <summary>A version that the log tells of.</summary>
    public ulong Heard { get; set; }

    public void Edit(Func<PolicyDocument, PolicyEdit> edit)
    {
        PolicyEdit result = edit(Current);
        Assert.Null(result.Error);
        Current = result.Policy!;
    }
}

/// <summary>Keeps the records, or fails to when told.</summary>
internal sealed class FakeAudit : IAuditSink
{
    private readonly List<AuditRecord> _records = [];

    public bool Fails { get; set; }

    /// <summary>Called while a record is made.</summary>
    public Action? Recording { get; set; }

    public IReadOnlyList<AuditRecord> Records
    {
        get
        {
            lock (_records)
            {
                return [.. _records];
            }
        }
    }

    public AuditRecord Last => Records[^1];

    public bool TryRecord(in AuditFacts facts)
    {
        if (Fails)
        {
            return false;
        }

        Recording?.Invoke();
        lock (_records)
        {
            _records.Add(facts.ToRecord());
        }

        return true;
    }

    public void Clear()
    {
        lock (_records)
        {
            _records.Clear();
        }
    }
}

/// <summary>No groups; a program of a known name.</summary>
internal sealed class FakeCallers : ICallerDirectory
{
    /// <summary>Called while a decision is made that is not remembered.</summary>
    public Action? Deciding { get; set; }

    public IReadOnlyList<uint> GroupsOf(uint uid, uint gid)
    {
        Deciding?.Invoke();
        return [gid];
    }

    public string ExecutableOf(int pid) => "/usr/bin/tester";

    /// <summary>What processes run; of others nothing can be seen.</summary>
    public Dictionary<int, ProgramIdentity> Programs { get; } = [];

    public ProgramIdentity? ProgramOf(int pid) => Programs.GetValueOrDefault(pid);
}

using System;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Which label a file takes that comes in place of another: programs save by replacing, and no document may lose its label by it.</summary>
/// <remarks>Under the folder's Changes. POLICY.md, "One file in place of another".</remarks>
internal sealed class LabelSuccession
{
    private readonly Drive _drive;
    private readonly LabelMemory _memory;

    public LabelSuccession(Drive drive)
    {
        _drive = drive;
        _memory = new LabelMemory(drive.Clock);
    }

    /// <summary>A file lost its name: its label is remembered where it is not the folder's.</summary>
    public void Left(in FolderLease folder, ReadOnlySpan<byte> name, KeyId key)
    {
        Label label = _drive.Gate.LabelOf(key);
        if (!label.IsNone && label != _drive.Gate.LabelOf(folder.Record.LabelKey))
        {
            _memory.Note(folder.Id, name, key);
        }
    }

    /// <summary>The key a file takes that replaces another.</summary>
    /// <param name="key">The file's own.</param>
    /// <param name="replaced">The replaced file's.</param>
    /// <param name="taken">Default when it keeps its own.</param>
    /// <returns>False when neither label includes the other: then it may not replace.</returns>
    public bool TryReplace(PolicyDocument policy, KeyId key, KeyId replaced, out KeyId taken)
    {
        Label own = _drive.Gate.LabelOf(key);
        Label other = _drive.Gate.LabelOf(replaced);
        bool joins = LabelJoin.TryJoin(policy, own, other, out Label joined);
        taken = joins && joined != own ? _drive.Gate.KeyForNew(replaced) : default;
        return joins;
    }

    /// <summary>Whether a file has the label of the one that it replaces already, and the folder gives another: only a rename or a command gave it to either.</summary>
    public bool Keeps(in FolderLease folder, KeyId key, KeyId replaced)
    {
        Label own = _drive.Gate.LabelOf(key);
        return !own.IsNone && own == _drive.Gate.LabelOf(replaced) && own != _drive.Gate.LabelOf(folder.Record.LabelKey);
    }

    /// <summary>The key a file takes that comes to be under a name that another just had; default when it keeps its own.</summary>
    public KeyId Inherited(in Caller caller, PolicyDocument policy, in FolderLease folder, ReadOnlySpan<byte> name, KeyId key)
    {
        return _memory.TryFind(folder.Id, name, out KeyId before)
            && TryReplace(policy, key, before, out KeyId taken)
            && _drive.Gate.Decide(new Visit(caller, policy, AuditEvent.Relabel, folder.Node, name, ""), before, AccessAction.Write).Allowed
            ? taken
            : default;
    }

    /// <summary>Records that a file takes another label than it would have. InputOutput when that cannot be written, and then nothing may happen.</summary>
    public VaultStatus Record(in Caller caller, PolicyDocument policy, Node folder, ReadOnlySpan<byte> name, KeyId key, KeyId taken)
    {
        var visit = new Visit(caller, policy, AuditEvent.Relabel, folder, name, $"was {_drive.Gate.LabelOf(key)}: takes the label of the file it succeeds");
        return _drive.Gate.Authorize(visit, AccessAction.Write, [taken], out _);
    }
}

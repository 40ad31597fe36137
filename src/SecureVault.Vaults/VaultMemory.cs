using System;
using System.IO;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>A vault against what this machine remembers of it: whether it is older, and whether it is a copy of the one opened last.</summary>
internal static class VaultMemory
{
    /// <summary>This vault's folder as it is remembered.</summary>
    public static VaultPlace Here(VaultParts parts)
    {
        VaultStatus status = parts.Store.Stat(parts.Folder!, out StoreStat stat);
        return status == VaultStatus.Ok ? new VaultPlace(Path.GetFullPath(parts.Path), stat.Device, stat.Inode) : new VaultPlace(Path.GetFullPath(parts.Path), 0, 0);
    }

    /// <summary>The folder that this one is a copy of: another one, in which this machine last opened the vault and in which it still is. Null = it is no copy.</summary>
    public static string? OriginalOf(VaultParts parts)
    {
        VaultPlace? last = parts.Anchor.Read(parts.Id).Place;
        VaultPlace here = Here(parts);
        return last is null || last.Path == here.Path || (last.Device, last.Inode) == (here.Device, here.Inode) || !Holds(parts, last.Path) ? null : last.Path;
    }

    /// <summary>Refuses a vault that is older than this machine has seen.</summary>
    /// <param name="tolerant">The log is left to who reads it.</param>
    public static VaultResult Check(VaultParts parts, bool tolerant)
    {
        TrustedState seen = parts.Anchor.Read(parts.Id);
        ulong policy = parts.Policy.Current.Version;
        if (policy < seen.PolicyVersion)
        {
            return VaultMessages.Older(parts.Path, "policy", $"version {policy} < {seen.PolicyVersion}");
        }

        AuditHead head = parts.Audit.Head;
        if (tolerant || head.Sequence > seen.AuditSequence)
        {
            return VaultResult.Ok;
        }

        if (head.Sequence < seen.AuditSequence)
        {
            return VaultMessages.Older(parts.Path, "audit/log", $"record {head.Sequence} < {seen.AuditSequence}");
        }

        return head.Sequence == 0 || AuditChain.Spell(head.Chain) == seen.AuditChain ? VaultResult.Ok : VaultMessages.Another(parts.Path, head.Sequence);
    }

    /// <summary>Makes the log durable and lets this machine remember how far it has come, and where. Never goes back.</summary>
    public static void Tell(VaultParts parts)
    {
        if (!parts.IsRemembered)
        {
            return;
        }

        TrustedState seen = parts.Anchor.Read(parts.Id);
        ulong policy = Math.Max(seen.PolicyVersion, parts.Policy.InForceVersion);
        TrustedState next = seen with { PolicyVersion = policy, Place = Here(parts) };
        if (parts.Audit.Head.Sequence > seen.AuditSequence && parts.Audit.TrySync(out AuditHead synced) && synced.Sequence > seen.AuditSequence)
        {
            next = Of(parts, policy, synced);
        }

        if (next != seen)
        {
            parts.Anchor.Write(parts.Id, next);
        }
    }

    /// <summary>What the vault itself says, for this machine to remember.</summary>
    public static TrustedState Of(VaultParts parts, ulong policy, in AuditHead head) =>
        new(policy, head.Sequence, head.Sequence == 0 ? "" : AuditChain.Spell(head.Chain)) { Place = Here(parts) };

    private static bool Holds(VaultParts parts, string path)
    {
        if (parts.Store.OpenRoot(path, out StoreHandle? folder) != VaultStatus.Ok)
        {
            return false;
        }

        using (folder)
        {
            return StoredFile.Read(parts.Store, folder!, VaultNames.Config, VaultConfig.MaxSize, out byte[] json, out _) == VaultStatus.Ok
                && VaultConfig.TryParse(json, out VaultConfig? config, out _) == FormatStatus.Ok
                && config!.VaultId == parts.Config.VaultId;
        }
    }
}

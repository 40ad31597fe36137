using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SecureVault.Format.V1;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>The versions of the policy before the one in force: policies/NUMBER, each a sealed and signed document as the policy itself.</summary>
/// <remarks>
/// The version in force is kept before another takes its place, so a stop in between loses none. The oldest go once there are more than MostVersions, or more
/// than MostBytes of them; the newest AlwaysKept stay whatever they weigh. Keep and its thinning are for who holds the edit lock; reading is for any thread.
/// </remarks>
internal sealed class PolicyHistory(VaultParts parts, int mostVersions = PolicyHistory.MostVersions)
{
    public const int MostVersions = 500;
    public const long MostBytes = 64 * 1024 * 1024;
    public const int AlwaysKept = 20;

    /// <summary>Keeps a version, durable. What the store answers otherwise.</summary>
    public VaultStatus Keep(PolicyDocument policy)
    {
        VaultStatus status = OpenOrMake(out StoreHandle? folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (folder)
        {
            byte[] name = NameOf(policy.Version);
            byte[] stored = parts.Documents.Seal(DocumentKind.Policy, policy.Version, policy.ToJson(), parts.Keyring.Signer);
            status = StoredFile.Replace(parts.Store, folder!, name, stored);
            if (status == VaultStatus.Ok)
            {
                OwnAsPolicy((uid, gid) => parts.Store.SetOwner(folder!, name, uid, gid));
                Thin(folder!);
            }

            return status;
        }
    }

    /// <summary>Numbers of what is kept, ascending; none where nothing is.</summary>
    public IReadOnlyList<ulong> Versions()
    {
        if (parts.Store.OpenDirectory(parts.Folder!, VaultNames.Policies, out StoreHandle? folder) != VaultStatus.Ok)
        {
            return [];
        }

        using (folder)
        {
            return [.. Entries(folder!).Select(e => VersionOf(e.Name)).OfType<ulong>().Order()];
        }
    }

    /// <summary>Ok; NotFound when it is not kept; Corrupt with what is wrong with the file; else the store's answer.</summary>
    public VaultStatus Read(ulong version, out PolicyDocument? policy, out string problem)
    {
        policy = null;
        problem = "";
        VaultStatus status = parts.Store.OpenDirectory(parts.Folder!, VaultNames.Policies, out StoreHandle? folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (folder)
        {
            byte[] name = NameOf(version);
            status = parts.Store.Stat(folder!, name, out _);
            status = status == VaultStatus.Ok ? parts.Documents.Read(folder!, name, DocumentKind.Policy, out ulong sealedAs, out byte[]? body, out _, out problem) : Skip(status, out sealedAs, out body);
            if (status == VaultStatus.Ok && (sealedAs != version || !PolicyDocument.TryParse(body, out policy) || policy!.Version != version))
            {
                problem = PolicyDocument.IsOfLaterFormat(body) ? "was written by a later version of SecureVault: use that version" : "is not the version that its name says";
                policy = null;
                status = VaultStatus.Corrupt;
            }

            return status;
        }
    }

    /// <summary>Tells what is wrong with what is kept: true for damage, with path and problem.</summary>
    public void Check(Action<bool, string, string> tell)
    {
        if (parts.Store.OpenDirectory(parts.Folder!, VaultNames.Policies, out StoreHandle? folder) != VaultStatus.Ok)
        {
            return;
        }

        using (folder)
        {
            foreach (StoredEntry entry in Entries(folder!).Where(e => !ForeignNames.IsKnown(e.Name)))
            {
                string path = $"policies/{Encoding.UTF8.GetString(entry.Name)}";
                if (VersionOf(entry.Name) is not { } version)
                {
                    tell(false, path, "is no version of the policy; harmless");
                }
                else if (Read(version, out _, out string problem) is not (VaultStatus.Ok or VaultStatus.NotFound))
                {
                    tell(true, path, problem.Length > 0 ? problem : "cannot be read");
                }
                else if (version > parts.Policy.InForceVersion)
                {
                    tell(false, path, "is of a version later than the one in force: it was left when an older vault was put back; harmless");
                }
            }
        }
    }

    /// <summary>Seals everything kept anew for a vault's new id. What cannot be read is told and left out.</summary>
    public VaultStatus Reseal(StoreHandle stage, Func<PolicyDocument, byte[]> seal)
    {
        IReadOnlyList<ulong> kept = Versions();
        VaultStatus status = kept.Count == 0 ? VaultStatus.Ok : parts.Store.MakeDirectory(stage, VaultNames.Policies, VaultNames.FolderMode);
        if (kept.Count == 0 || status != VaultStatus.Ok)
        {
            return status;
        }

        status = parts.Store.OpenDirectory(stage, VaultNames.Policies, out StoreHandle? folder);
        using (folder)
        {
            foreach (ulong version in kept)
            {
                VaultStatus read = Read(version, out PolicyDocument? policy, out string problem);
                if (read != VaultStatus.Ok)
                {
                    parts.Found.Add($"policies/{version} {problem}");
                }

                status = status == VaultStatus.Ok && read == VaultStatus.Ok ? StoredFile.WriteNew(parts.Store, folder!, NameOf(version), seal(policy!)) : status;
            }

            return status == VaultStatus.Ok ? parts.Store.Sync(folder!, false) : status;
        }
    }

    private static byte[] NameOf(ulong version) => Encoding.ASCII.GetBytes(version.ToString(CultureInfo.InvariantCulture));

    private static ulong? VersionOf(byte[] name) =>
        ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out ulong version) && NameOf(version).AsSpan().SequenceEqual(name) ? version : null;

    private static VaultStatus Skip(VaultStatus status, out ulong version, out byte[]? body)
    {
        (version, body) = (0, null);
        return status;
    }

    private List<StoredEntry> Entries(StoreHandle folder)
    {
        var list = new EntryList();
        parts.Store.List(folder, 0, list);
        return [.. list.Entries];
    }

    private VaultStatus OpenOrMake(out StoreHandle? folder)
    {
        VaultStatus status = parts.Store.OpenDirectory(parts.Folder!, VaultNames.Policies, out folder);
        if (status != VaultStatus.NotFound)
        {
            return status;
        }

        status = parts.Store.MakeDirectory(parts.Folder!, VaultNames.Policies, VaultNames.FolderMode);
        if (status is not (VaultStatus.Ok or VaultStatus.Exists))
        {
            return status;
        }

        OwnAsPolicy((uid, gid) => parts.Store.SetOwner(parts.Folder!, VaultNames.Policies, uid, gid));
        status = parts.Store.Sync(parts.Folder!, false);
        return status == VaultStatus.Ok ? parts.Store.OpenDirectory(parts.Folder!, VaultNames.Policies, out folder) : status;
    }

    /// <summary>A vault of alice edited by root stays alice's. Where the system refuses, the editor owns what is new.</summary>
    private void OwnAsPolicy(Action<uint, uint> own)
    {
        if (parts.Store.Stat(parts.Folder!, VaultNames.Policy, out StoreStat policy) == VaultStatus.Ok)
        {
            own(policy.Uid, policy.Gid);
        }
    }

    private void Thin(StoreHandle folder)
    {
        (byte[] Name, long Size)[] kept = [.. Entries(folder).Where(e => VersionOf(e.Name) is not null).OrderBy(e => VersionOf(e.Name))
            .Select(e => (e.Name, parts.Store.Stat(folder, e.Name, out StoreStat stat) == VaultStatus.Ok ? stat.Size : 0))];
        long total = kept.Sum(k => k.Size);
        for (int i = 0; kept.Length - i > AlwaysKept && (kept.Length - i > mostVersions || total > MostBytes); i++)
        {
            parts.Store.Unlink(folder, kept[i].Name);
            total -= kept[i].Size;
        }
    }
}

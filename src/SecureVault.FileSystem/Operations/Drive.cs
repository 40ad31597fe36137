using System;
using System.IO;
using System.Threading;
using SecureVault.Content;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Stored;
using SecureVault.FileSystem.Trail;
using SecureVault.Format.V1;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.FileSystem.Operations;

/// <summary>The parts of a mounted vault, made once and shared by all operations.</summary>
internal sealed class Drive
{
    public Drive(ContentContext content, StoreHandle root, ILabelKeys labels, VaultKeys keys, IPolicySource policy, IAuditSink audit, ICallerDirectory callers, TimeProvider clock)
    {
        Store = content.Store;
        Content = content;
        Keys = keys;
        Clock = clock;
        Names = new NameCodec(keys.Names);
        Symlinks = new SymlinkCodec(keys.Links);
        if (Store.Stat(root, out StoreStat stat) != VaultStatus.Ok)
        {
            throw new IOException("The root folder of the vault cannot be read.");
        }

        KeepsAttributes = Store.KeepsXattrs && Store.GetXattr(root, "user.securevault.probe"u8, [], out _) != VaultStatus.NotSupported;
        Nodes = new NodeTable(new StoredIdentity(stat.Device, stat.Inode));
        Handles = new FolderHandles(Store, Nodes.Root, root);
        Trail = new AuditTrail(audit, policy, callers, clock);
        Records = new FolderRecords(Store, keys, labels, Handles, Trail);
        Companions = new Companions(Store);
        Cases = new CaseMaps(Store, Names, Companions);
        Resolver = new Resolver(Store, Nodes, Handles, Names, content.BlockShift);
        Commits = new CommitQueue(content, Nodes, Handles, Trail);
        Contents = new Contents(content, Nodes, Handles, Commits, Trail);
        FileNames = new NameRecords(Store, Contents);
        Labels = new LabelReader(Store, keys, labels, Records, Contents, Trail);
        Raising = new LabelRaising(Contents, labels);
        OpenFiles = new OpenFiles(Store, Contents, Records, Trail, clock);
        Gate = new OpenGate(policy, labels, callers, Labels, OpenFiles);
        Revocation = new Revocation(Gate, clock);
        OpenFiles.Revocation = Revocation;
        Succession = new LabelSuccession(this);
    }

    public IBackingStore Store { get; }

    /// <summary>Whether files and folders of the store can have extended attributes.</summary>
    public bool KeepsAttributes { get; }

    public ContentContext Content { get; }
    public VaultKeys Keys { get; }
    public TimeProvider Clock { get; }
    public NameCodec Names { get; }
    public SymlinkCodec Symlinks { get; }
    public NodeTable Nodes { get; }
    public FolderHandles Handles { get; }
    public FolderRecords Records { get; }
    public Companions Companions { get; }
    public CaseMaps Cases { get; }
    public Resolver Resolver { get; }
    public CommitQueue Commits { get; }
    public Contents Contents { get; }
    public NameRecords FileNames { get; }
    public LabelReader Labels { get; }
    public LabelRaising Raising { get; }
    public AuditTrail Trail { get; }
    public OpenFiles OpenFiles { get; }
    public OpenGate Gate { get; }
    public LabelSuccession Succession { get; }
    public Revocation Revocation { get; }

    /// <summary>Held by what changes the tree's shape (every rename, removal of a folder), so that several folders' Changes may be taken; FILESYSTEM.md has the order of locks.</summary>
    public Lock Tree { get; } = new();

    /// <summary>The node a kernel names; Stale when there is none.</summary>
    public VaultStatus Find(NodeId id, out Node node)
    {
        node = Nodes.Find(id)!;
        return node is null ? VaultStatus.Stale : VaultStatus.Ok;
    }

    /// <summary>After Stale: waits for a rename under way. True when the node has other names by now than were seen, so that another try is worth it. Holds nothing.</summary>
    public static bool Settles(Node node, Place? seen)
    {
        if (seen is null)
        {
            return false;
        }

        lock (seen.Parent.Folder!.Changes)
        {
            return !ReferenceEquals(node.Place, seen) && node.Place is not null;
        }
    }

    /// <summary>Takes a folder for looking at names.</summary>
    public VaultStatus Enter(NodeId id, out FolderLease lease)
    {
        lease = default;
        VaultStatus status = FindFolder(id, out Node node);
        return status == VaultStatus.Ok ? Records.Enter(node, out lease) : status;
    }

    /// <summary>Takes a folder for changing names, with its label as the policy in force has it. Removed folders take none.</summary>
    public VaultStatus Enter(NodeId id, PolicyDocument policy, out FolderLease lease)
    {
        lease = default;
        VaultStatus status = FindFolder(id, out Node node);
        if (status == VaultStatus.Ok && node.Unlinked)
        {
            status = VaultStatus.NotFound;
        }

        return status == VaultStatus.Ok ? Records.Enter(node, policy.LabelEpoch, out lease) : status;
    }

    /// <summary>Label of an object to be removed or replaced. Damage must not make it undeletable: then its folder's label stands for it.</summary>
    public VaultStatus ReadLabelForRemoval(Node node, PolicyDocument policy, KeyId folderKey, out KeyId key)
    {
        VaultStatus status = Labels.Read(node, policy.LabelEpoch, out key);
        if (status == VaultStatus.Corrupt && node.Kind != NodeKind.Directory)
        {
            Trail.Damaged(node, "the header is not authentic");
            key = folderKey;
            status = VaultStatus.Ok;
        }

        return status;
    }

    /// <summary>As AuditTrail has it.</summary>
    public VaultStatus Report(VaultStatus status, Node node, string where) => Trail.Report(status, node, where);

    private VaultStatus FindFolder(NodeId id, out Node node)
    {
        VaultStatus status = Find(id, out node);
        return status == VaultStatus.Ok && node.Kind != NodeKind.Directory ? VaultStatus.NotDirectory : status;
    }
}

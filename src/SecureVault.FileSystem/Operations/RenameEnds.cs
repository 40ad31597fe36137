using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Both ends of a rename: what was asked, what was found, what was decided.</summary>
internal ref struct RenameEnds
{
    public readonly FolderLease From;
    public readonly ReadOnlySpan<byte> Name;
    public readonly FolderLease To;
    public readonly ReadOnlySpan<byte> NewName;
    public readonly RenameKind Kind;
    public EntryName Stored;
    public EntryName NewStored;
    public StoreStat Stat;
    public StoreStat TargetStat;
    public Node? Node;
    public Node? Target;

    /// <summary>Label key of the object that moves.</summary>
    public KeyId Key;

    /// <summary>Label key that it takes, or default.</summary>
    public KeyId Taken;

    /// <summary>The file has the label of the one that it replaces, and that is not its folder's: it may have taken it just before, and the rename was not done.</summary>
    public bool Keeps;

    /// <summary>Not null when an empty folder is replaced.</summary>
    public List<byte[]>? Leftovers;

    public RenameEnds(in FolderLease from, ReadOnlySpan<byte> name, in FolderLease to, ReadOnlySpan<byte> newName, RenameKind kind)
    {
        From = from;
        Name = name;
        To = to;
        NewName = newName;
        Kind = kind;
    }

    /// <summary>Both names are of one object already: nothing to do, as POSIX has it.</summary>
    public readonly bool SameObject => Target is not null && ReferenceEquals(Node, Target);

    /// <summary>Whether what has the new name may be replaced by what moves.</summary>
    public readonly VaultStatus CheckTarget()
    {
        bool folder = Stat.Kind == NodeKind.Directory;
        bool onFolder = TargetStat.Kind == NodeKind.Directory;
        return Kind switch
        {
            RenameKind.NoReplace => VaultStatus.Exists,
            RenameKind.Exchange => VaultStatus.Ok,
            _ when SameObject => VaultStatus.Ok,
            _ when folder && !onFolder => VaultStatus.NotDirectory,
            _ when !folder && onFolder => VaultStatus.IsDirectory,
            _ => VaultStatus.Ok,
        };
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Terms;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>A file system as one would write it in an hour: objects and dictionaries. What the waist is compared with.</summary>
internal sealed class TreeModel
{
    public ModelObject Root { get; } = new(NodeKind.Directory);

    public IEnumerable<(string Path, ModelObject Object)> All()
    {
        var open = new Stack<(string, ModelObject)>([("", Root)]);
        while (open.TryPop(out (string Path, ModelObject Object) next))
        {
            yield return next;
            foreach ((string name, ModelObject child) in next.Object.Children)
            {
                open.Push(($"{next.Path}/{name}", child));
            }
        }
    }

    public static VaultStatus Make(ModelObject parent, string name, NodeKind kind, out ModelObject? made)
    {
        made = null;
        if (parent.Children.ContainsKey(name))
        {
            return VaultStatus.Exists;
        }

        made = new ModelObject(kind);
        parent.Children[name] = made;
        return VaultStatus.Ok;
    }

    public static VaultStatus Unlink(ModelObject parent, string name)
    {
        if (!parent.Children.TryGetValue(name, out ModelObject? found))
        {
            return VaultStatus.NotFound;
        }

        if (found.Kind == NodeKind.Directory)
        {
            return VaultStatus.IsDirectory;
        }

        found.Links--;
        parent.Children.Remove(name);
        return VaultStatus.Ok;
    }

    public static VaultStatus RemoveDirectory(ModelObject parent, string name)
    {
        if (!parent.Children.TryGetValue(name, out ModelObject? found))
        {
            return VaultStatus.NotFound;
        }

        if (found.Kind != NodeKind.Directory || found.Children.Count > 0)
        {
            return found.Kind != NodeKind.Directory ? VaultStatus.NotDirectory : VaultStatus.NotEmpty;
        }

        found.Links = 0;
        parent.Children.Remove(name);
        return VaultStatus.Ok;
    }

    public static VaultStatus Link(ModelObject target, ModelObject parent, string name)
    {
        if (target.Kind == NodeKind.Directory)
        {
            return VaultStatus.NotPermitted;
        }

        if (!parent.Children.TryAdd(name, target))
        {
            return VaultStatus.Exists;
        }

        target.Links++;
        return VaultStatus.Ok;
    }

    public static VaultStatus Rename(ModelObject parent, string name, ModelObject newParent, string newName, RenameKind kind)
    {
        if (!parent.Children.TryGetValue(name, out ModelObject? source))
        {
            return VaultStatus.NotFound;
        }

        bool exists = newParent.Children.TryGetValue(newName, out ModelObject? target);
        if (exists ? kind == RenameKind.NoReplace : kind == RenameKind.Exchange)
        {
            return exists ? VaultStatus.Exists : VaultStatus.NotFound;
        }

        if (kind == RenameKind.Exchange)
        {
            return Exchange(parent, name, source, newParent, newName, target!);
        }

        return Replace(parent, name, source, newParent, newName, target);
    }

    private static VaultStatus Exchange(ModelObject parent, string name, ModelObject source, ModelObject newParent, string newName, ModelObject target)
    {
        if (source.Contains(newParent) || target.Contains(parent))
        {
            return VaultStatus.Invalid;
        }

        newParent.Children[newName] = source;
        parent.Children[name] = target;
        return VaultStatus.Ok;
    }

    private static VaultStatus Replace(ModelObject parent, string name, ModelObject source, ModelObject newParent, string newName, ModelObject? target)
    {
        bool folder = source.Kind == NodeKind.Directory;
        if (target is not null && target != source && folder != (target.Kind == NodeKind.Directory))
        {
            return folder ? VaultStatus.NotDirectory : VaultStatus.IsDirectory;
        }

        if (source.Contains(newParent))
        {
            return VaultStatus.Invalid;
        }

        if (target == source)
        {
            return VaultStatus.Ok;
        }

        if (target is { Kind: NodeKind.Directory } && target.Children.Count > 0)
        {
            return VaultStatus.NotEmpty;
        }

        if (target is not null)
        {
            target.Links = folder ? 0 : target.Links - 1;
        }

        parent.Children.Remove(name);
        newParent.Children[newName] = source;
        return VaultStatus.Ok;
    }
}

/// <summary>A file, folder or link of the model.</summary>
internal sealed class ModelObject(NodeKind kind)
{
    public NodeKind Kind { get; } = kind;
    public SortedDictionary<string, ModelObject> Children { get; } = new(StringComparer.Ordinal);
    public byte[] Content { get; set; } = [];
    public int Links { get; set; } = 1;

    public bool Contains(ModelObject other) => this == other || Children.Values.Any(c => c.Contains(other));
}

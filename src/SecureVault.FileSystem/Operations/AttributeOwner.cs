using SecureVault.Content;
using SecureVault.Crypto;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Whose extended attributes: the key that seals them and the identity they are bound to; held open until End.</summary>
/// <param name="node">Null for what is being made: nobody else knows it yet, and who makes it ends it.</param>
internal readonly struct AttributeOwner(Node? node, StoreHandle handle, FileContent? content, AeadKey? folderKey, Id128 folderId)
{
    public StoreHandle Handle => handle;
    public AeadKey Key => folderKey ?? content!.XattrKey;
    public Id128 Id => content?.XattrOwner ?? folderId;

    /// <summary>Held while an attribute is written, with key and identity taken under it: see Contents.Truncate.</summary>
    public object Guard => (object?)node!.File ?? node;

    public void End(Drive drive)
    {
        if (node!.Kind == NodeKind.Directory)
        {
            node.Folder!.Release();
        }
        else
        {
            drive.Contents.Return(node);
        }
    }
}

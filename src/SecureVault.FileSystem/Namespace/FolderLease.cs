using SecureVault.Format.V1;
using SecureVault.Storage;

namespace SecureVault.FileSystem.Namespace;

/// <summary>A folder with an open handle, kept open until Dispose. Exactly one Dispose for each lease that was given with Ok.</summary>
internal readonly ref struct FolderLease
{
    public FolderLease(Node node, StoreHandle handle, FolderRecord record)
    {
        Node = node;
        Handle = handle;
        Record = record;
    }

    public Node Node { get; }
    public StoreHandle Handle { get; }

    /// <summary>As it was when the lease was taken.</summary>
    public FolderRecord Record { get; }
    public DirectoryId Id => Record.Id;
    public Folder Folder => Node.Folder!;

    public void Dispose() => Node?.Folder!.Release();
}

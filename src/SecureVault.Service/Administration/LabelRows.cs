using SecureVault.Policy;
using SecureVault.Terms;
using SecureVault.Vaults.Offline;

namespace SecureVault.Service.Administration;

/// <summary>Labels as they are shown.</summary>
internal static class LabelRows
{
    /// <summary>What an object is, in one word.</summary>
    public static string KindOf(NodeKind kind) => kind switch
    {
        NodeKind.Directory => "folder",
        NodeKind.File => "file",
        NodeKind.Symlink => "link",
        _ => "special",
    };

    public static LabelRow Of(LabelledObject found) => found.Kind == NodeKind.Directory
        ? new LabelRow(found.Path, "folder", found.Label.ToString(), Spelling.Of(found.Encryption))
        : new LabelRow(found.Path, "file", found.Label.ToString(), Spelling.Of(found.Encryption));
}

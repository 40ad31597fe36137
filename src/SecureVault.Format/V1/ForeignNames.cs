using System;
using System.Buffers;
using System.Text;

namespace SecureVault.Format.V1;

/// <summary>Names that other programs leave in any folder they see: file managers, network servers, synchronisers. Never a vault's, and never damage.</summary>
/// <remarks>A stored name has letters, digits, "-" and "_" alone, but for the endings and beginnings that NameCodec gives; each name here has something else in it.</remarks>
public static class ForeignNames
{
    private static readonly SearchValues<byte> Stored = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private static readonly string[] Whole =
    [
        ".DS_Store", ".localized", ".fseventsd", ".Spotlight-V100", ".Trashes", ".TemporaryItems", ".DocumentRevisions-V100", ".directory",
        "desktop.ini", "Thumbs.db", "ehthumbs.db", "$RECYCLE.BIN", "System Volume Information", "lost+found",
        "@eaDir", "@Recycle", "@Recently-Snapshot", "#recycle", "#snapshot", ".snapshot", ".zfs",
        ".stfolder", ".stversions", ".stignore", ".dropbox", ".dropbox.attr", ".dropbox.cache", ".owncloudsync.log", ".sync",
    ];

    private static readonly string[] Beginnings = ["._", ".nfs", ".fuse_hidden", ".smbdelete", ".Trash-", ".syncthing.", "~syncthing~", ".goutputstream-", ".~lock.", "~$", ".~"];

    private static readonly string[] Within = [".sync-conflict-", " (conflicted copy", "'s conflicted copy", "_conflict-", " (case conflict"];

    /// <summary>Whether a stored name is of a known foreign kind.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> stored)
    {
        if (stored.IndexOfAnyExcept(Stored) < 0 || stored.StartsWith("securevault."u8))
        {
            return false;
        }

        string name = Encoding.Latin1.GetString(stored);
        return Array.Exists(Whole, w => name.Equals(w, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(Beginnings, b => name.StartsWith(b, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(Within, w => name.Contains(w, StringComparison.OrdinalIgnoreCase))
            || IsCopying(name);
    }

    // rsync: a dot, the name, a dot and six characters, while it copies.
    private static bool IsCopying(string name)
    {
        const int ending = 7;
        return name.Length > ending + 1 && name[0] == '.' && name[^ending] == '.' && name.AsSpan(1, name.Length - ending - 1).IndexOf('.') < 0;
    }
}

using System;
using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Stored;

/// <summary>Tells files their names before they have them: by their headers somebody who exchanges stored files is found out.</summary>
/// <remarks>Any thread. FORMAT.md, "Names of files".</remarks>
internal sealed class NameRecords(IBackingStore store, Contents contents)
{
    /// <summary>Records coming and present name of a file in its header; the times stay as they are. Under its monitor, so that no link comes in between.</summary>
    /// <param name="links">Whether the coming name is one more; then the caller has the monitor, and the content in use.</param>
    public VaultStatus Set(Node node, NameTag name, NameTag previous, bool links)
    {
        VaultStatus status = contents.Acquire(node, true, out FileContent? content);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        lock (node.File!)
        {
            status = store.Stat(content!.Handle, out StoreStat before);
            Span<NameTag> known = stackalloc NameTag[OtherNames.Count];
            int count = status == VaultStatus.Ok && !links ? Names(node, before.Links, known) : 0;
            status = status == VaultStatus.Ok ? content.SetName(name, previous, links || before.Links > 1, known[..count]) : status;
            if (status == VaultStatus.Ok)
            {
                status = store.SetTimes(content.Handle, null, false, before.Modified, false);
            }
        }

        contents.Return(node);
        return status;
    }

    // All names of a file that is being renamed, or none when some are not known or they are too many. There is one rename at a time, and links are made under the monitor.
    private static int Names(Node node, uint links, Span<NameTag> names)
    {
        int count = 0;
        for (Place? place = node.Place; place is not null; place = place.Next)
        {
            if (count == names.Length)
            {
                return 0;
            }

            names[count++] = place.Tag;
        }

        return count == links ? count : 0;
    }
}

using System;

namespace SecureVault.Terms;

/// <summary>Takes the entries of a folder.</summary>
public interface IDirectorySink
{
    /// <summary>False = full: this entry was not taken and comes again. nextCookie continues after it. entry.Node 0 = no attributes looked up (only Inode and Kind are set).</summary>
    bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry);
}

using System;

namespace SecureVault.FileSystem;

/// <summary>The only thing that reads or writes content: made by the gate, carries its decision. Bound to what was decided at open.</summary>
/// <remarks>Any thread, concurrently, until Release. Reads and writes allocate nothing in steady state.</remarks>
public sealed class OpenFile
{
    public NodeId Node => throw new NotSupportedException();

    /// <summary>Reads up to plain.Length bytes at offset; fewer only at the end of the file.</summary>
    public VaultStatus Read(long plainOffset, Span<byte> plain, out int read) => throw new NotSupportedException();

    /// <summary>Writes all or fails; written says how much is in the file. With Append intent the offset is ignored.</summary>
    public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, out int written) => throw new NotSupportedException();

    /// <summary>Called at each close of a descriptor.</summary>
    public VaultStatus Flush() => throw new NotSupportedException();
    public VaultStatus Sync(bool dataOnly) => throw new NotSupportedException();
    public VaultStatus Allocate(AllocateKind kind, long plainOffset, long length) => throw new NotSupportedException();
    public VaultStatus Seek(SeekKind kind, long plainOffset, out long found) => throw new NotSupportedException();

    /// <summary>Copies within the drive, decrypting and re-encrypting; copied may be less than length.</summary>
    public VaultStatus CopyTo(OpenFile target, long plainOffset, long targetOffset, long length, out long copied) => throw new NotSupportedException();

    /// <summary>Ends the handle. Exactly once.</summary>
    public void Release() => throw new NotSupportedException();
}

/// <summary>An open folder.</summary>
public sealed class OpenDirectory
{
    public NodeId Node => throw new NotSupportedException();

    /// <summary>Gives entries from cookie (0 = start) to the sink until it says stop. "." and ".." included.</summary>
    /// <param name="withAttributes">readdirplus: look each entry up; the sink owes a Forget for each entry it takes with Node not 0.</param>
    public VaultStatus Read(ulong cookie, bool withAttributes, IDirectorySink sink) => throw new NotSupportedException();
    public VaultStatus Sync() => throw new NotSupportedException();
    public void Release() => throw new NotSupportedException();
}

/// <summary>Takes the entries of a folder.</summary>
public interface IDirectorySink
{
    /// <summary>False = full: this entry was not taken and comes again. nextCookie continues after it. entry.Node 0 = no attributes looked up (only Inode and Kind are set).</summary>
    bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry);
}

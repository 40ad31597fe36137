using System;
using SecureVault.Dokan.Names;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>The entries of an open folder that match a pattern.</summary>
internal sealed class Listing(DriveContext drive)
{
    private const string Wildcards = "*?<>\"";

    /// <summary>Without "." and "..": Dokan's library adds them, and to the root none. A folder without a match gives nothing, and Success.</summary>
    public NtStatus List(NtHandle handle, string? pattern, INtListSink sink)
    {
        if (!handle.IsDirectory)
        {
            return NtStatus.NotADirectory;
        }

        if (handle.Directory is not { } directory)
        {
            return NtStatus.AccessDenied;
        }

        return pattern is { Length: > 0 } && pattern.AsSpan().IndexOfAny(Wildcards) < 0
            ? ListOne(handle, pattern, sink)
            : StatusMap.ToNt(directory.Read(0, withAttributes: true, new Sink(drive.Engine, NameExpression.MatchesAll(pattern) ? null : pattern, sink)));
    }

    // Programs ask for single names this way, often in large folders.
    private NtStatus ListOne(NtHandle handle, string wanted, INtListSink sink)
    {
        Span<byte> name = stackalloc byte[NtName.MaxBytes];
        if (NtName.Decode(wanted, name, out int length) != NtStatus.Success)
        {
            return NtStatus.Success; // no file can have this name
        }

        Span<byte> spelled = stackalloc byte[NtName.MaxBytes];
        VaultStatus status = drive.Engine.LookupAnyCase(handle.Node, name[..length], spelled, out int spelledLength, out NodeEntry entry);
        if (status != VaultStatus.Ok)
        {
            return status is VaultStatus.NotFound or VaultStatus.Stale ? NtStatus.Success : StatusMap.ToNt(status);
        }

        KeptFacts kept = KeptFacts.Of(drive.Engine, entry.Node, entry.Attributes.Kind);
        drive.Engine.Forget(entry.Node, 1);
        _ = sink.Add(FileFacts.ToNt(spelled[..spelledLength], entry.Attributes, kept));
        return NtStatus.Success;
    }

    private sealed class Sink(VaultFileSystem engine, string? pattern, INtListSink sink) : IDirectorySink
    {
        public bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry)
        {
            if (entry.Node.Value == 0)
            {
                return true; // "." and ".."
            }

            bool matches = pattern is null || NameExpression.Matches(pattern, NtName.Encode(name));
            KeptFacts kept = matches ? KeptFacts.Of(engine, entry.Node, entry.Attributes.Kind) : default;
            engine.Forget(entry.Node, 1);
            return !matches || sink.Add(FileFacts.ToNt(name, entry.Attributes, kept));
        }
    }
}

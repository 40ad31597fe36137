using System;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Attributes, times, space, volume and streams.</summary>
internal sealed class Facts(DriveContext drive)
{
    private const uint LongestName = 255;

    public NtStatus Get(NtHandle handle, out NtFileInformation information)
    {
        VaultStatus status = drive.Engine.GetAttributes(handle.Node, out NodeAttributes attributes);
        information = status == VaultStatus.Ok
            ? FileFacts.ToNt(drive.Nodes.NameOf(handle).Name, attributes, KeptFacts.Of(drive.Engine, handle.Node, attributes.Kind))
            : default;
        return StatusMap.ToNt(status);
    }

    /// <summary>ReadOnly of a file is the mode's write bits; others are kept beside it, or nowhere. 0 changes nothing, and what changes nothing asks nobody.</summary>
    public NtStatus SetAttributes(NtHandle handle, NtAttributes attributes)
    {
        VaultStatus asked = drive.Engine.GetAttributes(handle.Node, out NodeAttributes now);
        if (attributes == NtAttributes.None || asked != VaultStatus.Ok || FileFacts.IsSpecial(now.Kind))
        {
            return StatusMap.ToNt(asked);
        }

        KeptFacts kept = KeptFacts.Of(drive.Engine, handle.Node, now.Kind);
        NtStatus status = Keep(handle, kept, kept.With(attributes, handle.IsDirectory));
        uint mode = handle.IsDirectory ? now.Mode : FileFacts.WithReadOnly(now.Mode, (attributes & NtAttributes.ReadOnly) != 0);
        return status != NtStatus.Success || mode == now.Mode ? status : Change(handle, new AttributeChange { Mode = mode });
    }

    public NtStatus SetTimes(NtHandle handle, in NtTimes times)
    {
        NtTimes set = new(Wanted(times.Created), Wanted(times.Accessed), Wanted(times.Modified));
        if (set.Created is { Ticks: < 0 } || set.Accessed is { Ticks: < 0 } || set.Modified is { Ticks: < 0 })
        {
            return NtStatus.InvalidParameter;
        }

        NtStatus status = set.Created is { } created ? SetCreated(handle, created) : NtStatus.Success;
        return status != NtStatus.Success || (set.Accessed is null && set.Modified is null)
            ? status
            : Change(handle, new AttributeChange { Accessed = set.Accessed?.ToFileTime(), Modified = set.Modified?.ToFileTime() });

        // 0 sets nothing; -1 and -2 say whether the time is to follow what is done through the handle (MS-FSCC 2.4.7), which it does.
        static NtTime? Wanted(NtTime? time) => time is { Ticks: 0 or -1 or -2 } ? null : time;
    }

    public NtStatus GetSpace(out NtSpace space)
    {
        VaultStatus status = drive.Engine.GetStatistics(out StoreStatistics statistics);
        space = new NtSpace(Bytes(statistics.Blocks), Bytes(statistics.BlocksFree), Bytes(statistics.BlocksAvailable));
        return StatusMap.ToNt(status);

        long Bytes(ulong blocks) => Math.BigMul(blocks, statistics.BlockSize, out ulong low) == 0 && low <= long.MaxValue ? (long)low : long.MaxValue;
    }

    public NtVolume GetVolume()
    {
        const NtFeatures features = NtFeatures.CasePreservedNames | NtFeatures.UnicodeOnDisk | NtFeatures.PersistentAcls;
        return new NtVolume(drive.Options.Label, drive.Options.Serial, "NTFS", features, LongestName);
    }

    /// <summary>The one stream every file has; folders have none.</summary>
    public NtStatus GetStreams(NtHandle handle, out NtStream[] streams)
    {
        streams = [];
        if (handle.IsDirectory)
        {
            return NtStatus.Success;
        }

        VaultStatus status = drive.Engine.GetAttributes(handle.Node, out NodeAttributes attributes);
        if (status == VaultStatus.Ok)
        {
            streams = [new NtStream("::$DATA", attributes.Kind == NodeKind.File ? attributes.Size : 0)];
        }

        return StatusMap.ToNt(status);
    }

    private NtStatus SetCreated(NtHandle handle, NtTime created)
    {
        VaultStatus asked = drive.Engine.GetAttributes(handle.Node, out NodeAttributes now);
        if (asked != VaultStatus.Ok || FileFacts.IsSpecial(now.Kind))
        {
            return StatusMap.ToNt(asked);
        }

        KeptFacts kept = KeptFacts.Of(drive.Engine, handle.Node, now.Kind);
        return Keep(handle, kept, kept with { Created = created });
    }

    private NtStatus Keep(NtHandle handle, in KeptFacts now, in KeptFacts wanted) => wanted == now ? NtStatus.Success : wanted.Keep(drive.Engine, handle);

    private NtStatus Change(NtHandle handle, in AttributeChange change) =>
        StatusMap.ToNt(drive.Engine.SetAttributes(handle.Caller, handle.Node, handle.File, change, out _));
}

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
        information = status == VaultStatus.Ok ? FileFacts.ToNt(drive.Nodes.NameOf(handle).Name, attributes) : default;
        return StatusMap.ToNt(status);
    }

    /// <summary>ReadOnly is the mode's write bits; the others are accepted and not kept. 0 changes nothing, and what changes nothing asks nobody.</summary>
    public NtStatus SetAttributes(NtHandle handle, NtAttributes attributes)
    {
        if (attributes == NtAttributes.None || handle.IsDirectory)
        {
            return NtStatus.Success;
        }

        VaultStatus status = drive.Engine.GetAttributes(handle.Node, out NodeAttributes now);
        if (status != VaultStatus.Ok || now.Kind != NodeKind.File)
        {
            return StatusMap.ToNt(status);
        }

        uint mode = FileFacts.WithReadOnly(now.Mode, (attributes & NtAttributes.ReadOnly) != 0);
        return mode == now.Mode ? NtStatus.Success : Change(handle, new AttributeChange { Mode = mode });
    }

    public NtStatus SetTimes(NtHandle handle, in NtTimes times)
    {
        NtTimes set = new(Wanted(times.Created), Wanted(times.Accessed), Wanted(times.Modified));
        if (set.Created is { Ticks: < 0 } || set.Accessed is { Ticks: < 0 } || set.Modified is { Ticks: < 0 })
        {
            return NtStatus.InvalidParameter;
        }

        return set.Accessed is null && set.Modified is null
            ? NtStatus.Success
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

    private NtStatus Change(NtHandle handle, in AttributeChange change) =>
        StatusMap.ToNt(drive.Engine.SetAttributes(handle.Caller, handle.Node, handle.File, change, out _));
}

using System;
using System.Collections.Generic;
using DokanNet;
using DokanNet.Logging;
using SecureVault.Dokan.Drives;
using SecureVault.Dokan.Requestors;
using SecureVault.FileSystem;

namespace SecureVault.Dokan.Driver;

/// <summary>The mount itself.</summary>
public static partial class DokanDrives
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    static partial void MountWithDriver(VaultFileSystem engine, DokanPlace place, NtDriveOptions options, INtLog log, ref IDokanDrive? drive, ref string error)
    {
        var served = new NtDrive(engine, options, log);
        var library = new DokanNet.Dokan(new NullLogger());
        var adapter = new DokanAdapter(served);
        try
        {
            DokanInstance instance = new DokanInstanceBuilder(library).ConfigureOptions(set =>
            {
                set.MountPoint = place.Letter + "\\";
                set.Options = (place.Everyone ? DokanOptions.FixedDrive : DokanOptions.CurrentSession) | (place.MountManager ? DokanOptions.MountManager : DokanOptions.FixedDrive);
                set.AllocationUnitSize = 4096;
                set.SectorSize = 512;
                set.TimeOut = Timeout;
            }).Build(adapter);
            drive = new Mounted(served, library, instance, place.Letter);
        }
        catch (DokanException refused)
        {
            library.Dispose();
            served.Dispose();
            error = $"{place.Letter} cannot be mounted: {refused.Message.TrimEnd('.')}";
            return;
        }

        if (adapter.MountedAt.Length > 0 && char.ToUpperInvariant(adapter.MountedAt[0]) != place.Letter[0])
        {
            error = $"the mount manager keeps {place.Letter} for another volume, and gave {adapter.MountedAt[0]}: mount there, or at another letter";
            drive.Dispose();
            drive = null;
        }
    }

    private sealed class Mounted(NtDrive served, DokanNet.Dokan library, DokanInstance instance, string letter) : IDokanDrive
    {
        public int OpenHandles => served.OpenCount;

        public IReadOnlyList<Requestor> Holders => served.Holders;

        public bool WaitUntilUnmounted(TimeSpan timeout) => instance.WaitForFileSystemClosed(timeout < TimeSpan.Zero ? uint.MaxValue : (uint)timeout.TotalMilliseconds) == 0;

        public bool Unmount() => library.RemoveMountPoint(letter + "\\");

        public void Dispose()
        {
            instance.Dispose(); // unmounts, and waits for the callbacks under way
            served.Dispose();
            library.Dispose();
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using SecureVault.Fuse;
using SecureVault.Fuse.Drives;
using SecureVault.MountTests.Support;
using SecureVault.Tests.Fuse;
using Xunit;

namespace SecureVault.MountTests.Fuse;

/// <summary>A file system in memory, mounted for real for one test.</summary>
public abstract class MemoryMount : IDisposable
{
    private protected string Folder { get; } = Directory.CreateTempSubdirectory("securevault-fuse-").FullName;

    private protected MemoryDrive Memory { get; }

    private protected KeepingLog Log { get; } = new();

    private protected FuseDrive? Drive { get; private set; }

    private protected MemoryMount()
        : this(new MemoryDrive())
    {
    }

    private protected MemoryMount(MemoryDrive drive) => Memory = drive;

    private protected string Mount(FuseOptions? options = null)
    {
        Require.Mounts();
        bool mounted = FuseDrive.TryMount(Memory, Folder, options ?? new FuseOptions { AllowOthers = true }, Log, out FuseDrive? drive, out string error);
        Drive = drive;
        Assert.True(mounted, error);
        return Folder;
    }

    public void Dispose()
    {
        Drive?.Dispose();
        _ = FuseDrive.Unmount(Folder, true, out _);
        Assert.False(FuseDrive.IsMountPoint(Folder));
        Directory.Delete(Folder);
        GC.SuppressFinalize(this);
    }

    private protected static void Sh(string command)
    {
        Ended ended = Programs.Shell(command);
        Assert.True(ended.ExitCode == 0, $"{command}: exit {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
    }

    private protected sealed class KeepingLog : IFuseLog
    {
        public List<string> Lines { get; } = [];

        public void OperationFailed(string operation, Exception exception)
        {
            lock (Lines)
            {
                Lines.Add(operation + ": " + exception.Message);
            }
        }

        public void Trouble(string message)
        {
            lock (Lines)
            {
                Lines.Add(message);
            }
        }
    }
}

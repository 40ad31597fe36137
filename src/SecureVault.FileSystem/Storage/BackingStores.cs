using System;
using SecureVault.FileSystem.Storage.Linux;
using SecureVault.FileSystem.Storage.Windows;

namespace SecureVault.FileSystem.Storage;

/// <summary>The one place that picks a store by the operating system.</summary>
public static class BackingStores
{
    /// <summary>A new store over this machine's own file systems.</summary>
    public static IBackingStore ForThisSystem() => OperatingSystem.IsWindows() ? new WindowsStore() : new LinuxStore();
}

using System;
using SecureVault.Storage.Linux;
using SecureVault.Storage.Windows;

namespace SecureVault.Storage.Local;

/// <summary>The one place that picks a store by the operating system.</summary>
public static class BackingStores
{
    /// <summary>A new store over this machine's own file systems.</summary>
    public static IBackingStore ForThisSystem() => OperatingSystem.IsWindows() ? new WindowsStore() : new LinuxStore();
}

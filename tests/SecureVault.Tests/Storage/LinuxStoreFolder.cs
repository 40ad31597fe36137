using System;
using System.IO;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Storage;

/// <summary>A Linux store and a temporary folder in it, for one test.</summary>
public abstract class LinuxStoreFolder : IDisposable
{
    protected LinuxStoreFolder()
    {
        Assert.Equal(VaultStatus.Ok, Store.OpenRoot(Folder, out StoreHandle? root));
        Root = root!;
    }

    protected LinuxStore Store { get; } = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("store-").FullName;

    protected StoreHandle Root { get; }

    public void Dispose()
    {
        Root.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

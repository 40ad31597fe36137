using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>A vault, copies of it in other folders, and the one machine that opens them all.</summary>
internal sealed class CopiedVault : ICallerDirectory, IDisposable
{
    private readonly TempVault _temp = new();

    public CopiedVault() => Anchor = new MemoryAnchor(_temp.Folder + ".machine");

    public static Caller Me { get; } = new(0, 0, Environment.ProcessId);

    public string Original => _temp.Folder;

    public string Copy => _temp.Folder + ".copy";

    public MemoryAnchor Anchor { get; }

    public FakeClock Clock => _temp.Clock;

    /// <summary>Also of a vault that is in use.</summary>
    public void MakeCopy()
    {
        using Process copying = Process.Start("cp", ["-a", Original, Copy]);
        copying.WaitForExit();
        Assert.Equal(0, copying.ExitCode);
    }

    public VaultResult TryOpen(string folder, out Vault? vault, VaultUse use = VaultUse.Work, IBackingStore? store = null, MemoryAnchor? anchor = null) =>
        Vault.Open(store ?? new LinuxStore(), folder, use, TempVault.Passphrase, TempVault.Cheap, anchor ?? Anchor, Clock, "boot-1", out vault);

    public Vault Open(string folder, VaultUse use = VaultUse.Work)
    {
        Assert.Equal(VaultResult.Ok, TryOpen(folder, out Vault? vault, use));
        return vault!;
    }

    public VaultResult Restored(string folder, out VaultRestore? done) =>
        VaultRestoring.Run(new LinuxStore(), folder, TempVault.Passphrase, TempVault.Cheap, Anchor, Clock, out done);

    /// <summary>With another memory than that of the original: a memory of the tests is of one vault.</summary>
    public VaultResult Adopt(string folder, out VaultAdopted? done, IBackingStore? store = null) =>
        VaultAdoption.Run(store ?? new LinuxStore(), folder, TempVault.Passphrase, TempVault.Cheap, new MemoryAnchor(), Clock, out done);

    /// <summary>Mounts, works, unmounts; each time the policy's version and the log grow.</summary>
    public void Work(string folder, Action<VaultFileSystem>? work = null)
    {
        using Vault vault = Open(folder);
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/drive", out VaultSession? session));
        using (session)
        {
            VaultFileSystem files = VaultFileSystem.Over(vault, session!, this, Clock);
            work?.Invoke(files);
            Assert.Equal(VaultStatus.Ok, files.Shutdown());
        }
    }

    public static void Write(VaultFileSystem files, string name, string text)
    {
        Assert.Equal(VaultStatus.Ok, files.Create(Me, NodeId.Root, Encoding.UTF8.GetBytes(name), 0x1B6, OpenIntent.Write, out _, out OpenFile? file));
        Assert.Equal(VaultStatus.Ok, file!.Write(0, Encoding.UTF8.GetBytes(text), out _));
        file.Release();
    }

    public static string Read(VaultFileSystem files, string name)
    {
        Assert.Equal(VaultStatus.Ok, files.Lookup(NodeId.Root, Encoding.UTF8.GetBytes(name), out NodeEntry entry));
        VaultStatus status = files.Open(Me, entry.Node, OpenIntent.Read, out OpenFile? file, out _);
        if (status != VaultStatus.Ok)
        {
            return status.ToString();
        }

        byte[] plain = new byte[1000];
        Assert.Equal(VaultStatus.Ok, file!.Read(0, plain, out int read));
        file.Release();
        return Encoding.UTF8.GetString(plain, 0, read);
    }

    /// <summary>Every file with its bytes and its time of change.</summary>
    public static string Fingerprint(string folder) => string.Join('\n', Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => $"{f} {File.GetLastWriteTimeUtc(f):o} {(File.Exists(f) ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))) : "")}"));

    public System.Collections.Generic.IReadOnlyList<uint> GroupsOf(uint uid, uint gid) => [gid];

    public string ExecutableOf(int pid) => "/bin/test";

    public void Dispose() => _temp.Dispose();
}

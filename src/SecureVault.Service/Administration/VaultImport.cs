using System;
using System.IO;
using System.Text;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Service.Configuration;
using SecureVault.Service.Machines;
using SecureVault.Service.State;
using SecureVault.Terms;
using SecureVault.Vaults;

namespace SecureVault.Service.Administration;

/// <summary>Puts a file into a vault that is not mounted, through the same engine and gate as a drive, as the user of this process.</summary>
public static class VaultImport
{
    private const uint FileMode = 0x1B6, FolderMode = 0x1FF;
    private const int Piece = 1024 * 1024;

    /// <summary>Copies one file; folders on the way are made.</summary>
    /// <param name="vaultFolder">A vault that no drive has.</param>
    /// <param name="passphrase">Borrowed.</param>
    /// <param name="source">A file of this machine.</param>
    /// <param name="path">Path inside the vault, beginning with '/'; must not exist.</param>
    /// <returns>Ok; AlreadyMounted; what opening a vault may answer; Failed when the copy did not go through.</returns>
    public static VaultResult Copy(string vaultFolder, ReadOnlySpan<byte> passphrase, string source, string path)
    {
        VaultResult result = ServiceConfiguration.Load(null, [], out ServiceOptions options);
        if (!result.IsOk)
        {
            return result;
        }

        var anchor = new TrustAnchor(options.StateFolder);
        result = VaultOpening.Open(vaultFolder, passphrase, anchor, TimeProvider.System, out Vault? vault);
        using (vault)
        {
            return result.IsOk ? Copy(vault!, source, path) : result;
        }
    }

    private static VaultResult Copy(Vault vault, string source, string path)
    {
        VaultResult result = vault.BeginSession("", out VaultSession? session);
        if (!result.IsOk)
        {
            return result;
        }

        using (session)
        {
            VaultFileSystem engine = VaultFileSystem.Over(vault, session!, Machine.This.Callers(TimeProvider.System), TimeProvider.System);
            VaultStatus status = Store(engine, source, path);
            VaultStatus saved = engine.Shutdown();
            if (saved != VaultStatus.Ok)
            {
                session!.Abandon();
            }

            status = status == VaultStatus.Ok ? saved : status;
            return status == VaultStatus.Ok ? VaultResult.Ok : new VaultResult(VaultError.Failed, $"{path}: could not be written ({status}).");
        }
    }

    private static VaultStatus Store(VaultFileSystem engine, string source, string path)
    {
        Caller caller = Machine.This.AsCaller();
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        NodeId folder = NodeId.Root;
        foreach (string part in parts.AsSpan(0, parts.Length - 1))
        {
            byte[] name = Encoding.UTF8.GetBytes(part);
            VaultStatus made = engine.Lookup(folder, name, out NodeEntry entry);
            made = made == VaultStatus.NotFound ? engine.MakeDirectory(caller, folder, name, FolderMode, out entry) : made;
            if (made != VaultStatus.Ok)
            {
                return made;
            }

            folder = entry.Node;
        }

        VaultStatus status = engine.Create(caller, folder, Encoding.UTF8.GetBytes(parts[^1]), FileMode, OpenIntent.Write | OpenIntent.Exclusive, out _, out OpenFile? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = Write(file!, source);
        file!.Release();
        return status;
    }

    private static VaultStatus Write(OpenFile file, string source)
    {
        using FileStream plain = File.OpenRead(source);
        byte[] piece = new byte[Piece];
        long offset = 0;
        for (int length = plain.Read(piece); length > 0; length = plain.Read(piece))
        {
            VaultStatus status = file.Write(offset, piece.AsSpan(0, length), out int written);
            if (status != VaultStatus.Ok || written != length)
            {
                return status == VaultStatus.Ok ? VaultStatus.InputOutput : status;
            }

            offset += length;
        }

        return VaultStatus.Ok;
    }
}

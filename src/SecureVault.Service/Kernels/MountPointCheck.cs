using System;
using System.ComponentModel;
using System.IO;
using System.Linq;
using SecureVault.Service.Native;
using SecureVault.Vaults;

namespace SecureVault.Service.Kernels;

/// <summary>Refuses mount points that would hide files or swallow the vault, before the passphrase costs its time.</summary>
internal static class MountPointCheck
{
    /// <summary>Ok with both real paths; else Failed or NotAVault, with what to do.</summary>
    public static VaultResult Check(string vaultFolder, string mountPoint, out string realVault, out string realMountPoint)
    {
        realVault = RealPath.Of(vaultFolder, out _) ?? "";
        realMountPoint = RealPath.Of(mountPoint, out int error) ?? "";
        if ((NotUtf8(vaultFolder, realVault) ?? NotUtf8(mountPoint, realMountPoint)) is { } unspeakable)
        {
            return Failed($"{unspeakable}: the name of a folder on its path is not UTF-8, which this program cannot hand to the system; rename that folder, or go by another path");
        }

        if (realVault.Length == 0)
        {
            return new VaultResult(VaultError.NotAVault, $"{vaultFolder}: no such vault; make one with: securevault init {ShellWord.Of(vaultFolder)}");
        }

        if (realMountPoint.Length == 0)
        {
            return Failed(error switch
            {
                Libc.ENOENT => $"{mountPoint}: missing; create it with: mkdir -p {mountPoint}",
                Libc.ENOTCONN => Died(mountPoint),
                Libc.EACCES => $"{mountPoint}: you may not reach this folder",
                Libc.ENOTDIR => $"{mountPoint}: its path leads through something that is not a folder",
                _ => $"{mountPoint}: cannot be reached ({new Win32Exception(error).Message})",
            });
        }

        return CheckPlaces(realVault, realMountPoint, mountPoint);
    }

    private static VaultResult CheckPlaces(string vault, string place, string spelled)
    {
        if (MountTable.At(place) is { IsDrive: true } mounted)
        {
            return Failed(mounted.IsDead() ? Died(spelled) : $"{spelled}: a drive is mounted here already; unmount it first with: securevault unmount {ShellWord.Of(spelled)}");
        }

        if (!Directory.Exists(place))
        {
            return Failed($"{spelled}: not a folder; a drive mounts on an empty folder");
        }

        if (RealPath.IsWithin(vault, place))
        {
            return Failed($"{spelled}: the vault {vault} lies in it and would be hidden by its own drive; mount elsewhere");
        }

        if (RealPath.IsWithin(place, vault))
        {
            return Failed($"{spelled}: lies inside the vault {vault}; mount elsewhere");
        }

        try
        {
            return Directory.EnumerateFileSystemEntries(place).Any()
                ? Failed($"{spelled}: not empty; its files would be hidden: mount on an empty folder")
                : VaultResult.Ok;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return Failed($"{spelled}: you may not list this folder");
        }
    }

    /// <summary>The path, when it has bytes that .NET's text cannot hold: they stand as U+FFFD in it, and lead nowhere.</summary>
    private static string? NotUtf8(string spelled, string real) =>
        (real.Length == 0 && (spelled.Contains('\ufffd') || RawText.HasBytes(spelled))) || (real.Contains('\ufffd') && RealPath.Of(real, out _) is null) ? spelled : null;

    private static string Died(string mountPoint) => $"{mountPoint}: a drive died here; remove what is left with: securevault unmount {ShellWord.Of(mountPoint)}";

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}

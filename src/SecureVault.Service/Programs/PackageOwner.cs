using System;

namespace SecureVault.Service.Programs;

/// <summary>The package a program came with, for people who register programs.</summary>
/// <param name="Holds">
/// True: the file is as the package brought it; false: it is another; null: the package keeps no digest of it. Debian keeps MD5, on this machine and writable by its root:
/// that says it is the package's file, and is no defence against a forger.
/// </param>
public sealed record PackageOwner(string Name, string Version, bool? Holds)
{
    /// <summary>Null when no package owns the file or this machine has neither dpkg-query nor rpm. May take seconds, at most half a minute for each tool; throws nothing for what they do. Any thread.</summary>
    /// <param name="path">Absolute.</param>
    public static PackageOwner? Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return PackageTools.OfMachine.OwnerOf(path);
    }
}

using System;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>A user's path in the spelling of the system's own calls, which know no length limit but that of their strings.</summary>
internal static class NtPath
{
    /// <summary>Longest path, in UTF-16 units: a UNICODE_STRING counts bytes in 16 bits.</summary>
    private const int MaxLength = 32_767;

    /// <summary>"C:\x" becomes "\??\C:\x", "\\server\share" becomes "\??\UNC\server\share"; what is spelled "\\?\" or "\\.\" keeps its rest as it is.</summary>
    /// <param name="fullPath">Absolute, with backslashes, as Path.GetFullPath gives it.</param>
    /// <returns>NameTooLong when the result cannot be passed on.</returns>
    internal static VaultStatus Of(string fullPath, out string path)
    {
        bool literal = fullPath.StartsWith(@"\\?\", StringComparison.Ordinal) || fullPath.StartsWith(@"\\.\", StringComparison.Ordinal);
        path = literal ? string.Concat(@"\??\", fullPath.AsSpan(4))
            : fullPath.StartsWith(@"\\", StringComparison.Ordinal) ? string.Concat(@"\??\UNC\", fullPath.AsSpan(2))
            : @"\??\" + fullPath;
        return path.Length > MaxLength ? VaultStatus.NameTooLong : VaultStatus.Ok;
    }
}

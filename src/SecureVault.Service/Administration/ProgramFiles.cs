using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Policy;
using SecureVault.Service.Programs;
using SecureVault.Vaults;

namespace SecureVault.Service.Administration;

/// <summary>The files that a program is registered by: read as they lie there now, refused where they could not be trusted while they run.</summary>
internal static class ProgramFiles
{
    private const string Cure = "a drive would never trust it";

    /// <summary>SHA-256 of an executable.</summary>
    /// <param name="withScript">Whether scripts are named beside it: an interpreter is none by itself.</param>
    public static VaultResult TryRead(string path, bool withScript, out Digest256 digest)
    {
        digest = default;
        if (!withScript && Interpreters.IsInterpreter(Real(path)))
        {
            return Refuse($"{path} is an interpreter: whoever may start it runs what he likes in it. Name the script with it (--script FILE)");
        }

        VaultResult result = TryHash(path, out digest, out bool isScript);
        return result.IsOk && isScript
            ? Refuse($"{path} is a script that starts another program; name that program itself (for LibreOffice: /usr/lib/libreoffice/program/soffice.bin), or its interpreter with --script {path}")
            : result;
    }

    /// <summary>SHA-256 of a script.</summary>
    public static VaultResult TryReadScript(string path, out Digest256 digest) => TryHash(path, out digest, out _);

    private static VaultResult TryHash(string path, out Digest256 digest, out bool isScript)
    {
        digest = default;
        isScript = false;
        if (!Path.IsPathFullyQualified(path))
        {
            return Refuse($"{path} is no full path of a program");
        }

        if (WeaknessOf(Real(path)) is { Length: > 0 } weakness)
        {
            return Refuse($"{path} is a file {weakness}, so its bytes may be anybody's tomorrow; {Cure}");
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> first = stackalloc byte[2];
            isScript = file.ReadAtLeast(first, 2, throwOnEndOfStream: false) == 2 && first.SequenceEqual("#!"u8);
            file.Position = 0;
            digest = Digest256.Of(SHA256.HashData(file));
            return VaultResult.Ok;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"{path} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static string WeaknessOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "";
        }

        byte[] name = [.. Encoding.UTF8.GetBytes(path), 0];
        return FileFacts.TryOf(Native.Libc.AT_FDCWD, name, 0, out FileFacts facts) ? facts.Weakness(new Mounts("/proc", TimeProvider.System)) : "";
    }

    private static string Real(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static VaultResult Refuse(string why) => new(VaultError.Failed, why);
}

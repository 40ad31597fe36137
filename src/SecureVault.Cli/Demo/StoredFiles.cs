using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace SecureVault.Cli.Demo;

/// <summary>Looks at a vault as its storage does: files of ciphertext.</summary>
internal sealed class StoredFiles(string vaultFolder)
{
    private readonly HashSet<string> _known = [];

    /// <summary>The stored files that appeared since the last call.</summary>
    public IReadOnlyList<string> New()
    {
        string[] found = [.. Directory.EnumerateFiles(Path.Combine(vaultFolder, "root"), "*", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith("securevault.", StringComparison.Ordinal))];
        return [.. found.Where(_known.Add)];
    }

    /// <summary>Bytes of a stored file.</summary>
    public static byte[] Read(string path, long offset, int length)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = offset;
        byte[] bytes = new byte[length];
        int read = file.ReadAtLeast(bytes, length, throwOnEndOfStream: false);
        return bytes[..read];
    }

    /// <summary>Flips the lowest bit of one byte.</summary>
    public static void Flip(string path, long offset)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        int kept = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(kept ^ 1));
    }

    /// <summary>"23 20 53".</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', Convert.ToHexStringLower(bytes).Chunk(2).Select(pair => new string(pair)));

    /// <summary>Printable ASCII, dots for the rest.</summary>
    public static string Ascii(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[i] = bytes[i] is >= 0x20 and < 0x7f ? (char)bytes[i] : '.';
        }

        return text.ToString();
    }
}

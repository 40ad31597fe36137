using System;
using System.Globalization;
using System.IO;
using System.Text.Json;
using SecureVault.FileSystem.Vaults;

namespace SecureVault.Service.State;

/// <summary>
/// The highest policy version and audit record seen of each vault, one JSON file each in the state folder: an older copy of a vault
/// put back is noticed because this is not inside it.
/// </summary>
/// <remarks>
/// Any thread, any process: each change holds the folder's lock, reads, takes the higher of both and replaces the file atomically.
/// What cannot be read is never taken for "new here": TrustAnchorException.
/// </remarks>
internal sealed class TrustAnchor(string folder) : ITrustAnchor
{
    private const long LargestFile = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Folder { get; } = folder;

    public TrustedState Read(UInt128 vaultId)
    {
        string file = FileOf(vaultId);
        byte[] json;
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > LargestFile })
            {
                throw Unreadable(file, "is not one of ours");
            }

            json = File.ReadAllBytes(file);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new TrustedState(0, 0, "");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, "cannot be read", failed);
        }

        return Parse(json, vaultId) ?? throw Unreadable(file, "is damaged");
    }

    public void Write(UInt128 vaultId, TrustedState state)
    {
        string file = FileOf(vaultId);
        try
        {
            PrivateFolder.Ensure(Folder);
            using PrivateFolder.Lock held = PrivateFolder.Take(Path.Combine(Folder, "lock"));
            TrustedState known = Read(vaultId);
            TrustedState next = Highest(known, state);
            if (next != known)
            {
                Replace(file, ToJson(vaultId, next));
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new TrustAnchorException($"{file}: cannot be written, so an older copy of this vault could not be noticed: check the folder's permissions and space", failed);
        }
    }

    private static TrustedState Highest(TrustedState known, TrustedState seen)
    {
        bool newer = seen.AuditSequence > known.AuditSequence;
        return new TrustedState(Math.Max(known.PolicyVersion, seen.PolicyVersion), newer ? seen.AuditSequence : known.AuditSequence, newer ? seen.AuditChain : known.AuditChain);
    }

    private static void Replace(string file, byte[] json)
    {
        string next = file + ".tmp";
        File.Delete(next);
        var open = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var stream = new FileStream(next, open))
        {
            stream.Write(json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, file, overwrite: true);
        PrivateFolder.MakeDurable(Path.GetDirectoryName(file)!);
    }

    private static byte[] ToJson(UInt128 vaultId, TrustedState state)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("vault", Spelled(vaultId));
            json.WriteNumber("policyVersion", state.PolicyVersion);
            json.WriteNumber("auditSequence", state.AuditSequence);
            json.WriteString("auditChain", state.AuditChain);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static TrustedState? Parse(byte[] json, UInt128 vaultId)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return root.GetProperty("vault").GetString() == Spelled(vaultId)
                ? new TrustedState(root.GetProperty("policyVersion").GetUInt64(), root.GetProperty("auditSequence").GetUInt64(), root.GetProperty("auditChain").GetString() ?? "")
                : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException or System.Collections.Generic.KeyNotFoundException)
        {
            return null;
        }
    }

    private static TrustAnchorException Unreadable(string file, string what, Exception? cause = null) =>
        new($"{file}: {what}, so an older copy of this vault could not be noticed: restore the file, or delete it if you trust the vault as it is", cause!);

    private string FileOf(UInt128 vaultId) => Path.Combine(Folder, Spelled(vaultId) + ".json");

    private static string Spelled(UInt128 vaultId) => vaultId.ToString("x32", CultureInfo.InvariantCulture);
}

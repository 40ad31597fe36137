using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using SecureVault.Service.Machines;
using SecureVault.Service.PrivateFiles;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;

namespace SecureVault.Service.State;

/// <summary>
/// The highest policy version and audit record seen of each vault and where it was opened last, one JSON file each in the state folder: an
/// older copy of a vault put back, and a copy beside it, are noticed because this is not inside it.
/// </summary>
/// <remarks>
/// Any thread, any process: each change holds the folder's lock, reads, takes the higher of both and replaces the file atomically.
/// Nothing is thrown: a file that cannot be read counts as newer than every vault, so that the vault is refused, and Problem says why.
/// </remarks>
internal sealed class TrustAnchor(string folder) : ITrustAnchor
{
    private const long LargestFile = 64 * 1024;
    private static readonly TrustedState NewerThanEverything = new(ulong.MaxValue, ulong.MaxValue, "");

    private volatile string _problem = "";

    private static IPrivateFiles Files => Machine.This.Files;

    public string Folder { get; } = folder;

    /// <summary>What went wrong last, for the person at the terminal; empty when nothing did.</summary>
    public string Problem => _problem;

    /// <summary>Says whether the folder can be kept at all, before work is done that would have to be remembered.</summary>
    public VaultResult Prepare()
    {
        try
        {
            Files.Ensure(Folder);
            Files.Take(LockFile()).Dispose();
            return VaultResult.Ok;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return new VaultResult(VaultError.Failed, $"{Folder}: cannot be written, so an older copy of a vault could not be noticed: check its permissions, or choose another with SECUREVAULT_STATEFOLDER");
        }
    }

    /// <summary>The highest seen; zeros when there is no file; higher than everything when the file cannot be read.</summary>
    public TrustedState Read(string vaultId)
    {
        string file = Describe(vaultId);
        try
        {
            TrustedState? state = new FileInfo(file) is { Exists: true, Length: > LargestFile } ? null : Parse(Files.Read(file), vaultId);
            return state ?? Refuse($"{file}: damaged, so an older copy of this vault could not be noticed: restore the file, or run securevault restored VAULT if you trust the vault as it is");
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new TrustedState(0, 0, "");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return Refuse($"{file}: cannot be read, so an older copy of this vault could not be noticed: check its permissions");
        }
    }

    /// <summary>Remembers what is higher than known; keeps the file as it is when it cannot be read.</summary>
    public void Write(string vaultId, TrustedState state)
    {
        string file = Describe(vaultId);
        try
        {
            Files.Ensure(Folder);
            using IDisposable held = Files.Take(LockFile());
            TrustedState known = Read(vaultId);
            TrustedState next = Highest(known, state);
            if (known != NewerThanEverything && next != known)
            {
                Replace(file, ToJson(vaultId, next));
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            _problem = $"{file}: cannot be written, so an older copy of this vault could not be noticed: check the folder's permissions and space";
        }
    }

    /// <summary>Writes over whatever is there, a file that cannot be read among it. False with Problem when it could not.</summary>
    public bool Replace(string vaultId, TrustedState state)
    {
        try
        {
            Files.Ensure(Folder);
            using IDisposable held = Files.Take(LockFile());
            Replace(Describe(vaultId), ToJson(vaultId, state));
            _problem = "";
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            _problem = $"{Describe(vaultId)}: cannot be written, so this machine goes on remembering what it saw before: check the folder's permissions and space";
            return false;
        }
    }

    /// <summary>Where no lock can be had, none is said to be held: Problem says so.</summary>
    public IDisposable? TryHold(string vaultId)
    {
        string file = Path.Combine(Folder, vaultId + ".drive");
        try
        {
            Files.Ensure(Folder);
            return Files.TryTake(file);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            _problem = $"{file}: cannot be locked, so a copy of this vault mounted beside it could not be noticed: check the folder's permissions";
            return new MemoryStream();
        }
    }

    /// <summary>The vault's folder in the state folder.</summary>
    public string? FolderFor(string vaultId)
    {
        string place = Path.Combine(Folder, vaultId);
        try
        {
            Files.Ensure(Folder);
            Files.Ensure(place);
            return place;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Path of the file of a vault.</summary>
    public string Describe(string vaultId) => Path.Combine(Folder, vaultId + ".json");

    private TrustedState Refuse(string problem)
    {
        _problem = problem;
        return NewerThanEverything;
    }

    private static TrustedState Highest(TrustedState known, TrustedState seen)
    {
        bool newer = seen.AuditSequence > known.AuditSequence;
        return new TrustedState(Math.Max(known.PolicyVersion, seen.PolicyVersion), newer ? seen.AuditSequence : known.AuditSequence, newer ? seen.AuditChain : known.AuditChain) { Place = seen.Place ?? known.Place };
    }

    private static void Replace(string file, byte[] json)
    {
        string next = file + ".tmp";
        File.Delete(next);
        using (FileStream stream = Files.Create(next))
        {
            stream.Write(json);
            stream.Flush(flushToDisk: true);
        }

        Files.Replace(next, file);
    }

    private static byte[] ToJson(string vaultId, TrustedState state)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("vault", vaultId);
            json.WriteNumber("policyVersion", state.PolicyVersion);
            json.WriteNumber("auditSequence", state.AuditSequence);
            json.WriteString("auditChain", state.AuditChain);
            if (state.Place is { } place)
            {
                json.WriteString("folder", place.Path);
                json.WriteNumber("device", place.Device);
                json.WriteNumber("inode", place.Inode);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static TrustedState? Parse(byte[] json, string vaultId)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return root.GetProperty("vault").GetString() == vaultId
                ? new TrustedState(root.GetProperty("policyVersion").GetUInt64(), root.GetProperty("auditSequence").GetUInt64(), root.GetProperty("auditChain").GetString() ?? "") { Place = PlaceIn(root) }
                : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static VaultPlace? PlaceIn(JsonElement root) => root.TryGetProperty("folder", out JsonElement folder)
        ? new VaultPlace(folder.GetString() ?? "", root.GetProperty("device").GetUInt64(), root.GetProperty("inode").GetUInt64())
        : null;

    private string LockFile() => Path.Combine(Folder, "lock");
}

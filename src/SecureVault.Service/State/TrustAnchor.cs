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
/// The highest policy version and audit record seen of each vault, one JSON file each in the state folder: an older copy of a vault
/// put back is noticed because this is not inside it.
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
            return state ?? Refuse($"{file}: damaged, so an older copy of this vault could not be noticed: restore the file, or delete it if you trust the vault as it is");
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
        return new TrustedState(Math.Max(known.PolicyVersion, seen.PolicyVersion), newer ? seen.AuditSequence : known.AuditSequence, newer ? seen.AuditChain : known.AuditChain);
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
                ? new TrustedState(root.GetProperty("policyVersion").GetUInt64(), root.GetProperty("auditSequence").GetUInt64(), root.GetProperty("auditChain").GetString() ?? "")
                : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private string LockFile() => Path.Combine(Folder, "lock");
}

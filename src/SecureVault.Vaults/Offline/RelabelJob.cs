using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>A relabel of a folder under way, kept in jobs/relabel so that one that was killed goes on.</summary>
/// <remarks>{"path":"/Payroll","folder":"32 hex","department":"finance","level":"secret","compartment":"","encryption":"mandatory"}; encryption "" = left.</remarks>
/// <param name="Path">Where the folder was.</param>
/// <param name="Folder">Which folder it is, wherever it is by now.</param>
/// <param name="Label">The label it is to have.</param>
/// <param name="Encryption">mandatory, optional, or empty.</param>
internal sealed record RelabelJob(string Path, DirectoryId Folder, Label Label, string Encryption)
{
    /// <summary>Reads the job under way; null with Ok when there is none.</summary>
    public static VaultStatus Read(VaultParts parts, StoreHandle jobs, out RelabelJob? job, out string problem)
    {
        job = null;
        VaultStatus status = parts.Store.Stat(jobs, VaultNames.RelabelJob, out _);
        problem = "";
        if (status == VaultStatus.NotFound)
        {
            return VaultStatus.Ok;
        }

        status = parts.Documents.Read(jobs, VaultNames.RelabelJob, DocumentKind.Job, out _, out byte[]? body, out _, out problem);
        if (status == VaultStatus.Ok && !TryParse(body!, out job))
        {
            problem = "is damaged: its content is no relabel job";
            status = VaultStatus.Corrupt;
        }

        return status;
    }

    public VaultStatus Write(VaultParts parts, StoreHandle jobs) =>
        parts.Documents.Write(jobs, VaultNames.RelabelJob, DocumentKind.Job, 1, ToJson(), parts.Keyring.Signer);

    public static VaultStatus Remove(VaultParts parts, StoreHandle jobs)
    {
        VaultStatus status = parts.Store.Unlink(jobs, VaultNames.RelabelJob);
        return status is VaultStatus.Ok or VaultStatus.NotFound ? parts.Store.Sync(jobs, false) : status;
    }

    private byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("path", Path);
            json.WriteString("folder", Folder.Value.ToString());
            json.WriteString("department", Label.Department);
            json.WriteString("level", Label.Level);
            json.WriteString("compartment", Label.Compartment);
            json.WriteString("encryption", Encryption);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool TryParse(byte[] body, out RelabelJob? job)
    {
        job = null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            string Text(string name) => json.RootElement.GetProperty(name).GetString() ?? "";
            if (!Id128.TryParse(Text("folder"), out Id128 folder))
            {
                return false;
            }

            job = new RelabelJob(Text("path"), new DirectoryId(folder), new Label(Text("department"), Text("level"), Text("compartment")), Text("encryption"));
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Exchange;
using SecureVault.Policy.Review;
using SecureVault.Service.Yaml;
using SecureVault.Vaults;

namespace SecureVault.Service.Administration;

/// <summary>Files that people edit: the policy as JSON or YAML, tables of people. No vault is needed to check one.</summary>
public static class PolicyFiles
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a policy and tells every fault; YAML where the name ends in .yaml or .yml, or the text begins with anything but {.</summary>
    /// <returns>Failed when the file cannot be read at all.</returns>
    internal static Answer<PolicyDraft> Read(string file)
    {
        VaultResult read = ReadBytes(file, out byte[] bytes);
        if (!read.IsOk)
        {
            return new Answer<PolicyDraft>(read, default!);
        }

        bool named = file.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
        return new Answer<PolicyDraft>(VaultResult.Ok, Parse(bytes, named || !LooksLikeJson(bytes)));
    }

    /// <summary>As Read, of what a file holds.</summary>
    internal static PolicyDraft Parse(byte[] bytes, bool asYaml)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var faults = new DocumentFaults();
        DocumentNode? root = null;
        if (bytes.Length > DocumentLimits.Size)
        {
            faults.Add(new TextPlace(1, 1), DocumentLimits.TooLarge);
        }
        else if (!asYaml)
        {
            root = JsonTree.Read(bytes, faults);
        }
        else if (TryDecode(bytes, faults, out string text))
        {
            root = YamlTree.Read(text, faults);
        }

        return PolicyDraft.Read(root, faults, new KnownZones());
    }

    /// <summary>Every fault of a policy and, where it has none, what it says to no effect. Failed when the file cannot be read at all.</summary>
    public static Answer<PolicyCheck> Check(string file)
    {
        Answer<PolicyDraft> read = Read(file);
        return new Answer<PolicyCheck>(read.Result, read.Result.IsOk ? new PolicyCheck(Rows(read.Value.Faults), read.Value.Alone() is { } alone ? PolicyRemarks.Of(alone) : []) : default!);
    }

    internal static IReadOnlyList<FaultRow> Rows(IReadOnlyList<DocumentFault> faults) => [.. faults.Select(f => new FaultRow(f.Place.Line, f.Place.Column, f.Problem))];

    /// <summary>A policy as people edit it; with a line break at its end.</summary>
    internal static string Text(PolicyDocument policy, bool asYaml)
    {
        DocumentNode tree = PolicyTree.Of(policy);
        return asYaml ? YamlText.Of(tree) : JsonText.Of(tree);
    }

    /// <summary>The rows of a table; faults for what is no UTF-8 or too large.</summary>
    internal static VaultResult ReadTable(string file, DocumentFaults faults, out IReadOnlyList<IReadOnlyList<CsvCell>> rows)
    {
        rows = [];
        VaultResult read = ReadBytes(file, out byte[] bytes);
        if (read.IsOk && bytes.Length > DocumentLimits.Size)
        {
            faults.Add(new TextPlace(1, 1), DocumentLimits.TooLarge);
        }
        else if (read.IsOk && TryDecode(bytes, faults, out string text))
        {
            rows = CsvTable.Read(text, faults);
        }

        return read;
    }

    private static VaultResult ReadBytes(string file, out byte[] bytes)
    {
        bytes = [];
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            byte[] buffer = new byte[(stream.CanSeek ? Math.Min(stream.Length, DocumentLimits.Size) : DocumentLimits.Size) + 1];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            bytes = buffer[..length];
            return VaultResult.Ok;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new VaultResult(VaultError.Failed, $"{file}: cannot be read ({unreadable.Message.TrimEnd('.')}).");
        }
    }

    private static bool LooksLikeJson(byte[] bytes)
    {
        ReadOnlySpan<byte> text = bytes;
        text = text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
        text = text.TrimStart(" \t\r\n"u8);
        return !text.IsEmpty && text[0] == '{';
    }

    private static bool TryDecode(byte[] bytes, DocumentFaults faults, out string text)
    {
        try
        {
            text = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException odd)
        {
            ReadOnlySpan<byte> before = bytes.AsSpan(0, Math.Max(0, odd.Index));
            int line = before.Count((byte)'\n') + 1;
            int column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
            faults.Add(new TextPlace(line, column), "this is no UTF-8 (UTF-16, or an old code page?): save the file as UTF-8.");
            text = "";
            return false;
        }
    }
}

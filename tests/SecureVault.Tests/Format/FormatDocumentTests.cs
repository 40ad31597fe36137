using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Tests.Architecture;
using Xunit;

namespace SecureVault.Tests.Format;

/// <summary>FORMAT.md cannot lie: its numbers and purposes are the code's.</summary>
public sealed class FormatDocumentTests
{
    private static readonly Dictionary<string, long> Code = new()
    {
        ["FormatVersion"] = VaultConfig.CurrentVersion,
        ["HeaderSize"] = FileLayout.HeaderSize,
        ["KeyRecordSize"] = FileHeader.KeyRecordSize,
        ["StateRecordSize"] = FileHeader.StateRecordSize,
        ["SecretSize"] = FileHeader.SecretSize,
        ["BlockOverhead"] = FileLayout.BlockOverhead,
        ["InlineBlocks"] = FileLayout.InlineBlocks,
        ["MinBlockShift"] = FileLayout.MinBlockShift,
        ["MaxBlockShift"] = FileLayout.MaxBlockShift,
        ["DefaultBlockShift"] = FileLayout.DefaultBlockShift,
        ["MaxPlainSize"] = FileLayout.MaxPlainSize,
        ["DirectoryRecordSize"] = DirectoryRecord.StoredSize,
        ["MaxPlainName"] = NameCodec.MaxPlainName,
        ["MaxCipherName"] = NameCodec.MaxCipherName,
        ["MaxStoredName"] = NameCodec.MaxStoredName,
        ["LongNameLength"] = NameCodec.LongNameLength,
        ["MaxTarget"] = SymlinkCodec.MaxTarget,
        ["MaxAttributeName"] = XattrCodec.MaxPlainName,
        ["AttributeValueOverhead"] = XattrCodec.ValueOverhead,
        ["DocumentOverhead"] = SealedDocument.Overhead,
        ["KeyringKeySize"] = KeyringDocument.KeySize,
        ["JournalHeaderSize"] = JournalFormat.HeaderSize,
        ["JournalEntryOverhead"] = JournalFormat.EntryOverhead,
        ["AuditFrameOverhead"] = AuditFormat.FrameOverhead,
        ["AuditMaxBody"] = AuditFormat.MaxBody,
        ["AuditCheckpointSize"] = AuditFormat.CheckpointSize,
        ["AuditHeadSize"] = AuditHead.StoredSize,
        ["VaultKeySize"] = VaultKeys.VaultKeySize,
        ["ScryptN"] = ScryptCost.Default.N,
        ["ScryptR"] = ScryptCost.Default.R,
        ["ScryptP"] = ScryptCost.Default.P,
    };

    [Fact]
    public void The_table_of_constants_is_the_codes()
    {
        string constants = Section("## Constants");
        var documented = Regex.Matches(constants, @"^\| (\w+) \| (\d+) \|", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => long.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.Equal(Code.OrderBy(row => row.Key), documented.OrderBy(row => row.Key));
    }

    [Fact]
    public void The_purposes_of_derived_keys_are_the_codes()
    {
        IEnumerable<string> documented = Regex.Matches(Section("## Keys"), @"^\| `(securevault v1 [a-z ]+)` \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value);
        Assert.Equal(
            new[] { VaultKeys.HeaderPurpose, VaultKeys.DirectoryPurpose, VaultKeys.DocumentPurpose, VaultKeys.AuditPurpose, VaultKeys.NamesPurpose, VaultKeys.LinksPurpose, VaultKeys.XattrNamesPurpose }.Order(),
            documented.Order());
    }

    [Fact]
    public void The_reserved_names_are_the_codes()
    {
        string document = Document();
        Assert.Contains($"`{System.Text.Encoding.ASCII.GetString(NameCodec.DirectoryRecordName)}`", document, System.StringComparison.Ordinal);
        Assert.Contains($"`{System.Text.Encoding.ASCII.GetString(NameCodec.TemporaryPrefix)}`", document, System.StringComparison.Ordinal);
        Assert.Contains($"\"{System.Text.Encoding.ASCII.GetString(XattrCodec.StoredPrefix)}\"", document, System.StringComparison.Ordinal);
    }

    private static string Document() => File.ReadAllText(Path.Combine(Repository.Source, "SecureVault.Format", "FORMAT.md"));

    private static string Section(string heading)
    {
        string document = Document();
        int start = document.IndexOf(heading + "\n", System.StringComparison.Ordinal);
        Assert.True(start >= 0, heading + " is missing.");
        int end = document.IndexOf("\n## ", start + 1, System.StringComparison.Ordinal);
        return document[start..end];
    }
}

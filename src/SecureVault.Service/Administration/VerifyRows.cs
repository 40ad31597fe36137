using System.Collections.Generic;
using System.Linq;
using SecureVault.Vaults.Offline;

namespace SecureVault.Service.Administration;

/// <summary>What verify found, as it is shown.</summary>
internal static class VerifyRows
{
    public static VerifyVerdict Of(VaultFindings found) =>
        new(found.Files, found.Folders, found.Bytes, Rows(found.Findings)) { Notes = Rows(found.Notes) };

    private static Finding[] Rows(IReadOnlyList<VaultFinding> findings) => [.. findings.Select(f => new Finding(f.Path, f.Problem))];
}

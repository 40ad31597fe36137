using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

public sealed class VaultLabelsTests
{
    private static readonly string LongName = new('n', 250);

    [Fact]
    public void A_labelled_folder_labels_all_in_it_and_touches_no_data()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        string[] files = Payroll(vault);
        byte[][] before = files.Select(File.ReadAllBytes).ToArray();
        var progress = new List<VaultProgress>();
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll", "finance:secret", null, progress.Add));
        for (int i = 0; i < files.Length; i++)
        {
            byte[] after = File.ReadAllBytes(files[i]);
            Assert.Equal(before[i][128..], after[128..]);
            Assert.NotEqual(before[i][..128], after[..128]);
        }

        foreach (string path in new[] { "/Payroll", "/Payroll/q3.xlsx", "/Payroll/2026", $"/Payroll/2026/{LongName}" })
        {
            Assert.Equal("finance:secret", Label(vault, path));
        }

        Assert.Equal("unlabelled", Label(vault, "/"));
        Assert.Equal("unlabelled", Label(vault, "/public.txt"));
        Assert.Equal((2, 2), (progress.Max(p => p.Done), progress.Max(p => p.Total)));
        Assert.Empty(Directory.GetFiles(temp["jobs"], "relabel"));
    }

    [Fact]
    public void A_drive_learns_of_changed_labels_by_the_policy()
    {
        using var temp = new TempVault();
        using Vault drive = temp.Open();
        using Vault command = temp.Open();
        Payroll(command);
        ulong epoch = drive.Policy.Current.LabelEpoch;
        Assert.Equal(VaultResult.Ok, new VaultLabels(command).Set("/Payroll/q3.xlsx", "finance:secret:customer-7", null, null));
        Assert.True(drive.Policy.Current.LabelEpoch > epoch);
        Assert.Equal(command.Keyring.Version, drive.Policy.Current.KeyringVersion);
        Assert.Equal("finance:secret:customer-7", Label(drive, "/Payroll/q3.xlsx"));
    }

    [Fact]
    public void Relabels_are_recorded_with_what_was_before()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Payroll(vault);
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll", "finance:secret", null, null));
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll/q3.xlsx", "none", null, null));
        AuditRecord[] records = vault.OpenAuditReader().Read(AuditQuery.All).Select(e => e.Record).Where(r => r.Event == AuditEvent.Relabel).ToArray();
        Assert.Equal(["/Payroll finance:secret begun, was unlabelled", "/Payroll finance:secret done: 2 folders, 2 files", "/Payroll/q3.xlsx unlabelled was finance:secret"], records.Select(r => $"{r.Path} {r.Label} {r.Detail}"));
    }

    [Fact]
    public void A_label_can_be_removed_and_the_root_labelled()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Payroll(vault);
        var labels = new VaultLabels(vault);
        Assert.Equal(VaultResult.Ok, labels.Set("/", "finance:internal", EncryptionMode.Optional, null));
        Assert.Equal("finance:internal", Label(vault, "/public.txt"));
        Assert.Equal(VaultResult.Ok, labels.Show("/Payroll", out LabelledObject? folder));
        Assert.Equal(Protection.Clear, folder!.NewFiles);
        Assert.Equal(VaultResult.Ok, labels.Set("/", "none", EncryptionMode.Mandatory, null));
        Assert.Equal("unlabelled", Label(vault, "/Payroll/q3.xlsx"));
        Assert.Equal(VaultResult.Ok, labels.Show("/Payroll", out folder));
        Assert.Equal(Protection.Encrypted, folder!.NewFiles);
    }

    [Theory]
    [InlineData("/missing", "finance:secret", VaultError.Failed, "/missing does not exist")]
    [InlineData("/public.txt/below", "finance:secret", VaultError.Failed, "no folder")]
    [InlineData("relative", "finance:secret", VaultError.Usage, "begins with /")]
    [InlineData("/Payroll/../public.txt", "finance:secret", VaultError.Usage, "'..'")]
    [InlineData("/Payroll", "sales:secret", VaultError.Failed, "sales")]
    [InlineData("/Payroll", "finance:unheard-of", VaultError.Failed, "unheard-of")]
    [InlineData("/link", "finance:secret", VaultError.Failed, "takes no label")]
    public void What_cannot_be_labelled_is_told(string path, string label, VaultError error, string message)
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Payroll(vault);
        VaultResult result = new VaultLabels(vault).Set(path, label, null, null);
        Assert.Equal(error, result.Error);
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/Payroll/q3.xlsx", "/Payroll/q3.xlsx")] // the file's own relabel
    [InlineData("/Payroll", "/Payroll/q3.xlsx")]         // that of its folder
    [InlineData("/Payroll", "/Payroll")]                 // the folder's own record
    public void An_old_header_or_record_that_is_put_back_does_not_take_the_label_away(string labelled, string attacked)
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        string[] files = Payroll(vault);
        string stored = attacked == "/Payroll" ? Path.GetDirectoryName(files[0]) + "/securevault.dir" : files[0];
        byte[] old = File.ReadAllBytes(stored);
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set(labelled, "finance:secret", null, null));
        Assert.Empty(Damage(vault));
        byte[] now = File.ReadAllBytes(stored);
        File.WriteAllBytes(stored, attacked == "/Payroll" ? old : [.. old.AsSpan(0, 128), .. now.AsSpan(128)]);

        Assert.Contains(attacked, Damage(vault));
        using Vault again = temp.Open();
        using MountedVault engine = new(again);
        Assert.Equal(VaultStatus.Corrupt, engine.Look(attacked));
        Assert.Contains(again.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.IntegrityFailure && e.Record.Path == attacked && e.Record.Detail.Contains("put back", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_go_up_and_down_and_back_again()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Payroll(vault);
        foreach (string label in new[] { "finance:secret", "none", "finance:secret", "finance:internal", "none", "finance:internal" })
        {
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll", label, null, null));
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll/q3.xlsx", label == "none" ? "finance:secret" : "none", null, null));
            Assert.Empty(Damage(vault));
            using Vault again = temp.Open();
            using MountedVault engine = new(again);
            Assert.Equal(VaultStatus.Ok, engine.Look("/Payroll"));
            Assert.Equal(VaultStatus.Ok, engine.Look("/Payroll/q3.xlsx"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_list_of_given_labels_that_is_older_or_gone_opens_no_vault(bool gone)
    {
        using var temp = new TempVault();
        using (Vault vault = temp.Open())
        {
            Payroll(vault);
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/public.txt", "finance:secret", null, null));
            byte[] old = File.ReadAllBytes(temp["labels"]);
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll", "finance:secret", null, null));
            File.WriteAllBytes(temp["labels"], old);
        }

        if (gone)
        {
            File.Delete(temp["labels"]);
        }

        VaultResult result = temp.TryOpen(out Vault? none);
        Assert.Null(none);
        Assert.Equal(VaultError.Damaged, result.Error);
        Assert.Contains("labels is older than the policy says", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relabel_killed_anywhere_goes_on_with_the_next_one()
    {
        bool finished = false;
        for (int works = 0; !finished; works += 3)
        {
            using var temp = new TempVault();
            var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.InputOutput) { RemovalFails = true };
            using (Vault vault = temp.Open(store))
            {
                Payroll(vault);
                store.Allowed = store.Changes + works;
                new VaultLabels(vault).Set("/Payroll", "finance:secret", null, null);
                finished = store.Changes <= store.Allowed;
            }

            using Vault again = temp.Open();
            var labels = new VaultLabels(again);
            bool pending = labels.PendingJob is not null;
            Assert.Equal(VaultResult.Ok, labels.Set("/public.txt", "finance:internal", null, null));
            Assert.Null(labels.PendingJob);
            string expected = pending || finished ? "finance:secret" : Label(again, "/Payroll");
            foreach (string path in new[] { "/Payroll", "/Payroll/q3.xlsx", "/Payroll/2026", $"/Payroll/2026/{LongName}" })
            {
                Assert.Equal(expected, Label(again, path));
            }

            Assert.Equal("finance:internal", Label(again, "/public.txt"));
        }
    }

    [Fact]
    public void An_interrupted_relabel_finds_its_folder_after_a_rename()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Payroll(vault);
        byte[]? job = null;
        var labels = new VaultLabels(vault);
        Assert.Equal(VaultResult.Ok, labels.Set("/Payroll", "finance:secret", null, _ => job ??= File.ReadAllBytes(temp["jobs/relabel"])));
        Assert.Equal(VaultResult.Ok, labels.Set("/Payroll", "none", null, null));
        File.WriteAllBytes(temp["jobs/relabel"], job!);
        var builder = new TreeBuilder(vault);
        Directory.Move(builder.Stored("/Payroll", out _), builder.Stored("/Wages", out _));
        Assert.Equal("/Payroll to finance:secret", labels.PendingJob);
        Assert.Equal(VaultResult.Ok, labels.Resume(null));
        Assert.Equal("finance:secret", Label(vault, "/Wages/q3.xlsx"));
        Assert.Null(labels.PendingJob);
    }

    [Fact]
    public void A_damaged_file_is_named_and_the_others_are_labelled()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        string[] files = Payroll(vault);
        byte[] bytes = File.ReadAllBytes(files[0]);
        bytes[50] ^= 1;
        File.WriteAllBytes(files[0], bytes);
        VaultResult result = new VaultLabels(vault).Set("/Payroll", "finance:secret", null, null);
        Assert.Equal(VaultError.Damaged, result.Error);
        Assert.Contains("/Payroll/q3.xlsx", result.Message, StringComparison.Ordinal);
        Assert.Equal("finance:secret", Label(vault, $"/Payroll/2026/{LongName}"));
        Assert.Equal(bytes, File.ReadAllBytes(files[0]));
    }

    [Fact]
    public void A_second_relabel_at_the_same_time_is_refused()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        using Vault other = temp.Open();
        Payroll(vault);
        VaultResult second = default;
        new VaultLabels(vault).Set("/Payroll", "finance:secret", null, _ => second = new VaultLabels(other).Set("/public.txt", "finance:secret", null, null));
        Assert.Equal(VaultError.Failed, second.Error);
        Assert.Contains("in use", second.Message, StringComparison.Ordinal);
    }

    private static string Label(Vault vault, string path)
    {
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Show(path, out LabelledObject? found));
        return found!.Label.ToString();
    }

    /// <summary>A small tree; the stored files of what is below /Payroll.</summary>
    private static string[] Payroll(Vault vault)
    {
        TempVault.AddDepartments(vault, "finance");
        var builder = new TreeBuilder(vault);
        builder.Folder("/Payroll");
        builder.Folder("/Payroll/2026");
        builder.FileOf("/public.txt", TreeBuilder.Content(10));
        builder.Link("/link", "public.txt");
        builder.Link("/Payroll/link", "../public.txt");
        return [builder.FileOf("/Payroll/q3.xlsx", TreeBuilder.Content(10_000)), builder.FileOf($"/Payroll/2026/{LongName}", TreeBuilder.Content(1))];
    }

    private static IEnumerable<string> Damage(Vault vault)
    {
        Assert.Equal(VaultResult.Ok, new VaultVerifier(vault).Run(null, out VaultFindings found));
        return found.Findings.Select(f => f.Path);
    }
}

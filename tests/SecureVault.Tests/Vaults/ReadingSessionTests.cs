using System;
using System.IO;
using System.Linq;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy.Audit;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>Vaults mounted read-only: nothing in their folder changes, and what is opened goes on record on the machine.</summary>
public sealed class ReadingSessionTests
{
    [Fact]
    public void An_old_copy_is_read_beside_the_live_original_and_nothing_in_it_changes()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "note", "old"));
        vaults.MakeCopy();
        string before = CopiedVault.Fingerprint(vaults.Copy);
        using Vault original = vaults.Open(vaults.Original);
        Assert.Equal(VaultResult.Ok, original.BeginSession("/drive", out VaultSession? live));
        TrustedState remembered = vaults.Anchor.State;
        Reading(vaults, vaults.Copy, files => Assert.Equal("old", CopiedVault.Read(files, "note")));
        Assert.Equal(before, CopiedVault.Fingerprint(vaults.Copy));
        Assert.Equal(remembered, vaults.Anchor.State);
        live!.Dispose();
    }

    [Fact]
    public void A_rolled_back_vault_is_read_without_a_word_to_the_memory()
    {
        using var vaults = new CopiedVault();
        vaults.MakeCopy();
        vaults.Work(vaults.Original);
        Directory.Delete(vaults.Original, recursive: true);
        Directory.Move(vaults.Copy, vaults.Original);
        TrustedState remembered = vaults.Anchor.State;
        Assert.Equal(VaultError.Damaged, vaults.TryOpen(vaults.Original, out _).Error);
        Reading(vaults, vaults.Original, _ => { });
        Assert.Equal(remembered, vaults.Anchor.State);
    }

    [Fact]
    public void Every_change_is_refused_by_the_engine_itself()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "note", "old"));
        Reading(vaults, vaults.Original, files =>
        {
            Assert.True(files.IsReadOnly);
            Assert.Equal(VaultStatus.Ok, files.Lookup(NodeId.Root, "note"u8, out NodeEntry note));
            VaultStatus[] answers =
            [
                files.Open(CopiedVault.Me, note.Node, OpenIntent.Write, out _, out _),
                files.Open(CopiedVault.Me, note.Node, OpenIntent.Read | OpenIntent.Truncate, out _, out _),
                files.Create(CopiedVault.Me, NodeId.Root, "new"u8, 0x1B6, OpenIntent.Write, out _, out _),
                files.MakeNode(CopiedVault.Me, NodeId.Root, "new"u8, NodeKind.File, 0x1B6, 0, out _),
                files.MakeDirectory(CopiedVault.Me, NodeId.Root, "new"u8, 0x1ED, out _),
                files.MakeSymlink(CopiedVault.Me, NodeId.Root, "new"u8, "note"u8, out _),
                files.Link(CopiedVault.Me, note.Node, NodeId.Root, "new"u8, out _),
                files.Rename(CopiedVault.Me, NodeId.Root, "note"u8, NodeId.Root, "new"u8, RenameKind.Replace),
                files.Unlink(CopiedVault.Me, NodeId.Root, "note"u8),
                files.RemoveDirectory(CopiedVault.Me, NodeId.Root, "note"u8),
                files.CheckRemoval(CopiedVault.Me, NodeId.Root, "note"u8, mustBeEmpty: false),
                files.SetAttributes(CopiedVault.Me, note.Node, null, new AttributeChange { Size = 0 }, out _),
                files.SetXattr(CopiedVault.Me, note.Node, "user.a"u8, "b"u8, create: false, replace: false),
                files.RemoveXattr(CopiedVault.Me, note.Node, "user.a"u8),
            ];
            Assert.All(answers, answer => Assert.Equal(VaultStatus.ReadOnly, answer));
        });
    }

    [Fact]
    public void Denials_hold_and_both_they_and_opens_are_on_this_machines_own_record()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "salaries", "secret"));
        using (Vault vault = vaults.Open(vaults.Original))
        {
            TempVault.AddDepartments(vault, "finance");
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/salaries", "finance:secret", null, null));
        }

        Reading(vaults, vaults.Original, files => Assert.Equal("Denied", CopiedVault.Read(files, "salaries")));
        using (Vault vault = vaults.Open(vaults.Original))
        {
            Assert.Equal(VaultResult.Ok, vault.EditPolicy(p => p.AddUser("root", 0, null, null, SecureVault.Policy.EncryptionMode.Mandatory), "user add root"));
            Assert.Equal(VaultResult.Ok, vault.EditPolicy(p => p.GrantUser("root", "finance:secret", SecureVault.Policy.AccessMode.ReadOnly, null), "user grant root"));
        }

        Reading(vaults, vaults.Original, files => Assert.Equal("secret", CopiedVault.Read(files, "salaries")));
        using Vault shown = vaults.Open(vaults.Original);
        Assert.DoesNotContain(shown.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Path == "/salaries" && e.Record.Event == AuditEvent.Open);
        Assert.Equal(VaultResult.Ok, shown.OpenOwnAuditReader(out AuditReader? own));
        Assert.Equal("", own!.Verify().Problem);
        AuditRecord[] records = own.Read(AuditQuery.All).Select(e => e.Record).ToArray();
        Assert.Equal([AuditEvent.Mount, AuditEvent.Open, AuditEvent.Unmount, AuditEvent.Mount, AuditEvent.Open, AuditEvent.Unmount], records.Select(r => r.Event));
        Assert.Equal([false, true], records.Where(r => r.Event == AuditEvent.Open).Select(r => r.Allowed));
        Assert.Contains($"read-only, of {vaults.Original}", records[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_place_for_the_records_nothing_is_mounted()
    {
        using var vaults = new CopiedVault();
        Assert.Equal(VaultResult.Ok, vaults.TryOpen(vaults.Original, out Vault? vault, VaultUse.ReadOnly, anchor: new MemoryAnchor()));
        using (vault)
        {
            VaultResult refused = vault!.BeginReading("/drive", out IVaultSession? session);
            Assert.Null(session);
            Assert.Contains("on record", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_a_crashed_session_was_writing_is_read_through_and_not_recovered()
    {
        using var vaults = new CopiedVault();
        Vault vault = vaults.Open(vaults.Original);
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/drive", out VaultSession? crashed));
        VaultFileSystem files = VaultFileSystem.Over(vault, crashed!, vaults, vaults.Clock);
        Assert.Equal(VaultStatus.Ok, files.Create(CopiedVault.Me, NodeId.Root, "torn"u8, 0x1B6, OpenIntent.Write, out _, out OpenFile? file));
        Assert.Equal(VaultStatus.Ok, file!.Write(0, "in the middle"u8, out _));
        Assert.Equal(VaultStatus.Ok, file.Sync(dataOnly: false));
        vaults.MakeCopy(); // as the machine would find it after a power cut
        file.Release();
        Assert.Equal(VaultStatus.Ok, files.Shutdown());
        crashed!.Dispose();
        vault.Dispose();
        string before = CopiedVault.Fingerprint(vaults.Copy);
        Reading(vaults, vaults.Copy, read => Assert.Equal("in the middle", CopiedVault.Read(read, "torn")));
        Assert.Equal(before, CopiedVault.Fingerprint(vaults.Copy));
    }

    [Fact]
    public void A_live_drives_own_folder_is_not_read_beside_it()
    {
        using var vaults = new CopiedVault();
        using Vault live = vaults.Open(vaults.Original);
        Assert.Equal(VaultResult.Ok, live.BeginSession("/drive", out VaultSession? session));
        using (Vault reader = vaults.Open(vaults.Original, VaultUse.ReadOnly))
        {
            VaultResult refused = reader.BeginReading("/elsewhere", out _);
            Assert.Equal(VaultError.AlreadyMounted, refused.Error);
            Assert.Contains("Unmount it there first", refused.Message, StringComparison.Ordinal);
        }

        session!.Dispose();
    }

    [Fact]
    public void A_backup_without_its_empty_folders_is_read()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "note", "old"));
        Directory.Delete(Path.Combine(vaults.Original, "journal"));
        Directory.Delete(Path.Combine(vaults.Original, "jobs"), recursive: true);
        Reading(vaults, vaults.Original, files => Assert.Equal("old", CopiedVault.Read(files, "note")));
        Assert.False(Directory.Exists(Path.Combine(vaults.Original, "journal")));
    }

    private static void Reading(CopiedVault vaults, string folder, Action<VaultFileSystem> work)
    {
        using Vault vault = vaults.Open(folder, VaultUse.ReadOnly);
        Assert.Equal(VaultResult.Ok, vault.BeginReading("/looking", out IVaultSession? session));
        using (session)
        {
            VaultFileSystem files = VaultFileSystem.Over(vault, session!, vaults, vaults.Clock);
            work(files);
            Assert.Equal(VaultStatus.Ok, files.Shutdown());
        }
    }
}

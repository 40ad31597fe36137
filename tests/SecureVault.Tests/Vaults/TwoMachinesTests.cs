using System;
using System.IO;
using System.Threading.Tasks;
using SecureVault.FileSystem;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Tests.Storage;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>Two machines that share nothing but the vault's folder: neither sees the other's locks.</summary>
public sealed class TwoMachinesTests
{
    [Fact]
    public void What_another_machine_has_open_is_refused_with_its_name()
    {
        using var vaults = new CopiedVault();
        using Vault first = On("one", vaults);
        Assert.Equal(VaultResult.Ok, first.BeginSession("/mnt/first", out VaultSession? session));
        VaultResult refused = Begin("two", vaults, takeOver: false, out VaultSession? none);
        Assert.Null(none);
        Assert.Equal(VaultError.AlreadyMounted, refused.Error);
        Assert.Contains("at /mnt/first on one", refused.Message, StringComparison.Ordinal);
        Assert.Equal(VaultError.AlreadyMounted, Begin("two", vaults, takeOver: true, out _).Error); // a drive that lives is never taken over
        session!.Dispose();
        Assert.Equal(VaultResult.Ok, Begin("two", vaults, takeOver: false, out VaultSession? next));
        next!.Dispose();
    }

    [Fact]
    public void What_a_machine_that_died_had_open_is_taken_over_by_a_persons_word_alone_and_recorded()
    {
        using var vaults = new CopiedVault();
        Die("one", vaults);
        VaultResult refused = Begin("two", vaults, takeOver: false, out _);
        Assert.Equal(VaultError.Failed, refused.Error);
        Assert.Contains("on one", refused.Message, StringComparison.Ordinal);
        Assert.Contains("securevault mount --take-over", refused.Message, StringComparison.Ordinal);
        Assert.Equal(VaultResult.Ok, Begin("two", vaults, takeOver: true, out VaultSession? session));
        session!.Dispose();
        using Vault vault = On("two", vaults);
        Assert.Contains(vault.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.Mount && e.Record.Detail.Contains("at /mnt/died on one", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_that_was_started_again_mounts_its_own_without_a_word()
    {
        using var vaults = new CopiedVault();
        Die("one", vaults);
        Assert.Equal(VaultResult.Ok, Begin("one", vaults, takeOver: false, out VaultSession? session, boot: "a later start"));
        session!.Dispose();
    }

    [Fact]
    public void In_the_same_start_of_a_machine_its_own_locks_are_enough()
    {
        using var vaults = new CopiedVault();
        Die("one", vaults);
        using Vault vault = On("one", vaults); // and nobody moves the clock
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt", out VaultSession? session));
        session!.Dispose();
    }

    [Fact]
    public void A_drive_that_was_taken_over_writes_no_more_and_ends()
    {
        using var vaults = new CopiedVault();
        using Vault first = On("one", vaults);
        Assert.Equal(VaultResult.Ok, first.BeginSession("/mnt/first", out VaultSession? session));
        string lost = "";
        session!.OnLost(sentence => lost = sentence);
        VaultFileSystem files = VaultFileSystem.Over(first, session, vaults, vaults.Clock);
        CopiedVault.Write(files, "before", "kept");
        File.WriteAllText(Path.Combine(vaults.Original, "lock"), "");
        using Vault second = On("two", vaults);
        Assert.Equal(VaultResult.Ok, second.BeginSession("/mnt/second", out VaultSession? other));
        byte[] note = File.ReadAllBytes(Path.Combine(vaults.Original, "lock"));
        vaults.Clock.Advance(MountLock.Beat);
        Assert.Contains("taken over at /mnt/second on two", lost, StringComparison.Ordinal);
        Assert.Equal(VaultStatus.InputOutput, files.Create(CopiedVault.Me, NodeId.Root, "after"u8, 0x1B6, OpenIntent.Write, out _, out _)); // it cannot be recorded
        files.Shutdown();
        session.Abandon();
        byte[] sessions = File.ReadAllBytes(Path.Combine(vaults.Original, "sessions"));
        session.Dispose();
        Assert.Equal(sessions, File.ReadAllBytes(Path.Combine(vaults.Original, "sessions")));
        Assert.Equal(note.Length, File.ReadAllBytes(Path.Combine(vaults.Original, "lock")).Length);
        other!.Dispose();
        using Vault after = On("two", vaults);
        Assert.Equal("", after.OpenAuditReader().Verify().Problem);
        Assert.Equal(2UL, after.Parts.Sessions.Session);
    }

    [Fact]
    public void Restored_and_adopt_wait_for_no_drive_that_is_gone_and_leave_one_that_lives()
    {
        using var vaults = new CopiedVault();
        using Vault first = On("one", vaults);
        Assert.Equal(VaultResult.Ok, first.BeginSession("/mnt/first", out VaultSession? session));
        VaultResult refused = Moving(vaults, () => VaultRestoring.Run(new NoLocks(), vaults.Original, TempVault.Passphrase, TempVault.Cheap, new MemoryAnchor(), vaults.Clock, out _));
        Assert.Equal(VaultError.AlreadyMounted, refused.Error);
        session!.Dispose();
        Die("one", vaults);
        Assert.Equal(VaultResult.Ok, Moving(vaults, () => VaultRestoring.Run(new NoLocks(), vaults.Original, TempVault.Passphrase, TempVault.Cheap, new MemoryAnchor(), vaults.Clock, out _)));
    }

    private static Vault On(string machine, CopiedVault vaults, string? boot = null)
    {
        var parts = new VaultParts { Store = new FencedStore(new NoLocks()), Path = vaults.Original, Anchor = new MemoryAnchor(), Clock = vaults.Clock, BootId = boot ?? "start of " + machine, Machine = machine };
        Assert.Equal(VaultResult.Ok, new VaultOpening(parts, VaultUse.Work).Run(TempVault.Passphrase, TempVault.Cheap, out Vault? vault));
        return vault!;
    }

    /// <summary>Begins a session while time passes for all.</summary>
    private static VaultResult Begin(string machine, CopiedVault vaults, bool takeOver, out VaultSession? session, string? boot = null)
    {
        Vault vault = On(machine, vaults, boot);
        VaultSession? begun = null;
        VaultResult result = Moving(vaults, () => vault.BeginSession("/mnt/" + machine, takeOver, out begun));
        session = begun;
        if (begun is null)
        {
            vault.Dispose();
        }

        return result;
    }

    /// <summary>Moves the clock until the work is done, however long the machine takes for it.</summary>
    private static VaultResult Moving(CopiedVault vaults, Func<VaultResult> work)
    {
        Task<VaultResult> task = Task.Run(work);
        while (!task.Wait(TimeSpan.FromMilliseconds(5)))
        {
            vaults.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return task.GetAwaiter().GetResult();
    }

    /// <summary>Leaves the vault as a machine does that stops with a drive.</summary>
    private static void Die(string machine, CopiedVault vaults)
    {
        using Vault vault = On(machine, vaults);
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt/died", out VaultSession? session));
        byte[] note = File.ReadAllBytes(Path.Combine(vaults.Original, "lock"));
        byte[] sessions = File.ReadAllBytes(Path.Combine(vaults.Original, "sessions"));
        session!.Dispose();
        File.WriteAllBytes(Path.Combine(vaults.Original, "lock"), note);
        File.WriteAllBytes(Path.Combine(vaults.Original, "sessions"), sessions);
    }

    /// <summary>A store on which each machine sees its own locks alone; each test's machines have one process.</summary>
    private sealed class NoLocks : DelegatingStore
    {
        public override VaultStatus Lock(StoreHandle file, bool wait) => VaultStatus.Ok;

        public override VaultStatus Unlock(StoreHandle file) => VaultStatus.Ok;
    }
}

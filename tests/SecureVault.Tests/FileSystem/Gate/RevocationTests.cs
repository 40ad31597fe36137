using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Namespace;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>Rights withdrawn while a file is open, without a kernel: what a handle loses, when, and what is recorded and told.</summary>
public sealed class RevocationTests : IDisposable
{
    private const string Scope = "finance:secret";
    private static readonly Caller Other = new(4711, 4711, 1);

    private readonly TestDrive _drive = new();
    private readonly List<NodeId> _told = [];

    public RevocationTests()
    {
        _drive.Policy.Edit(p => p.AddDepartment("finance"));
        _drive.Policy.Edit(p => p.AddUser("me", _drive.Me.Uid, null, null, EncryptionMode.Mandatory));
        _drive.Policy.Edit(p => p.AddUser("other", Other.Uid, null, null, EncryptionMode.Mandatory));
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.Plaintext, null));
        _drive.Policy.Edit(p => p.GrantUser("other", Scope, AccessMode.Plaintext, null));
        _drive.MakeDirectory("/Payroll");
        _drive.SetLabel("/Payroll", Scope);
        _drive.Write("/Payroll/q3", "salaries");
        _drive.Files.CacheMustGo = _told.Add;
        _drive.Audit.Clear();
    }

    public void Dispose() => _drive.Dispose();

    [Fact]
    public void A_withdrawn_grant_takes_reading_and_writing_from_one_users_handles_and_no_others()
    {
        OpenFile mine = Open(_drive.Me, OpenIntent.Read | OpenIntent.Write);
        OpenFile others = Open(Other, OpenIntent.Read | OpenIntent.Write);
        Assert.Equal(VaultStatus.Ok, Read(mine));
        _drive.Files.LookForRevocations();
        Assert.Empty(_told);
        _drive.Policy.Edit(p => p.RevokeUser("me", Scope));
        _drive.Files.LookForRevocations();
        Assert.Equal((VaultStatus.Denied, VaultStatus.Denied), (Read(mine), Write(mine)));
        Assert.Equal(VaultStatus.Denied, mine.Allocate(default(AllocateKind), 0, 4096));
        Assert.Equal(VaultStatus.Denied, mine.CopyTo(others, 0, 0, 4, out _));
        Assert.Equal((VaultStatus.Ok, VaultStatus.Ok), (Read(others), Write(others)));
        Assert.Equal([_drive.Node("/Payroll/q3")], _told);
        string detail = Assert.Single(_drive.Audit.Records, r => !r.Allowed).Detail;
        Assert.Equal("revoked while open, after the drive had served 8 bytes to it (what came out of the system's cache is not counted): no grant for this department", detail);
        _drive.Files.LookForRevocations();
        Assert.Single(_told);
        mine.Release();
        others.Release();
    }

    [Fact]
    public void While_somebody_holds_what_was_taken_nothing_goes_into_a_cache_that_all_share()
    {
        OpenFile mine = Open(_drive.Me, OpenIntent.Read);
        OpenFile others = Open(Other, OpenIntent.Read);
        Assert.Equal(VaultStatus.Ok, ReadForCache(others));
        _drive.Policy.Edit(p => p.RevokeUser("me", Scope));
        _drive.Files.LookForRevocations();
        OpenFile anew = Open(Other, OpenIntent.Read);
        Assert.Equal((false, true), (others.KeepsOutOfCache, anew.KeepsOutOfCache));
        Assert.Equal((VaultStatus.InputOutput, VaultStatus.InputOutput, VaultStatus.InputOutput), (ReadForCache(others), ReadForCache(anew), ReadForCache(mine)));
        Assert.Equal((VaultStatus.Ok, VaultStatus.Ok), (Read(others), Read(anew)));
        mine.Release();
        Assert.Equal(VaultStatus.Ok, ReadForCache(others));
        others.Release();
        anew.Release();
        OpenFile last = Open(Other, OpenIntent.Read);
        Assert.False(last.KeepsOutOfCache);
        last.Release();
    }

    [Fact]
    public void While_somebody_holds_what_was_taken_nothing_is_written_by_way_of_a_cache_that_all_share()
    {
        OpenFile mine = Open(_drive.Me, OpenIntent.Read | OpenIntent.Write);
        OpenFile others = Open(Other, OpenIntent.Read | OpenIntent.Write);
        OpenFile reader = Open(Other, OpenIntent.Read);
        Assert.Equal((VaultStatus.Ok, VaultStatus.Ok), (mine.CheckWritingByCache(), others.CheckWritingByCache()));
        _drive.Policy.Edit(p => p.RevokeUser("me", Scope));
        _drive.Files.LookForRevocations();
        Assert.Equal((VaultStatus.Denied, VaultStatus.InputOutput, VaultStatus.BadHandle), (mine.CheckWritingByCache(), others.CheckWritingByCache(), reader.CheckWritingByCache()));
        Assert.Equal((VaultStatus.Denied, VaultStatus.Ok), (mine.Seek(SeekKind.Data, 0, out _), others.Seek(SeekKind.Data, 0, out _)));
        Assert.Equal(VaultStatus.Ok, Write(others)); // past the cache
        mine.Release();
        Assert.Equal(VaultStatus.Ok, others.CheckWritingByCache());
        others.Release();
        reader.Release();
    }

    [Fact]
    public void What_only_reads_from_now_on_is_no_longer_written()
    {
        OpenFile mine = Open(_drive.Me, OpenIntent.Read | OpenIntent.Write);
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.ReadOnly, null));
        _drive.Files.LookForRevocations();
        Assert.Equal((VaultStatus.Ok, VaultStatus.Denied), (Read(mine), Write(mine)));
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.Plaintext, null));
        _drive.Files.LookForRevocations();
        Assert.Equal(VaultStatus.Denied, Write(mine)); // what was taken is taken: the file is opened anew
        mine.Release();
    }

    [Fact]
    public void An_end_comes_without_an_edit_and_a_label_that_was_raised_counts()
    {
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.Plaintext, _drive.Clock.GetUtcNow().AddSeconds(10)));
        OpenFile mine = Open(_drive.Me, OpenIntent.Read);
        OpenFile others = Open(Other, OpenIntent.Read);
        _drive.Files.LookForRevocations();
        Assert.Equal(VaultStatus.Ok, Read(mine));
        _drive.Clock.Advance(TimeSpan.FromSeconds(11));
        _drive.Files.LookForRevocations();
        Assert.Equal((VaultStatus.Denied, VaultStatus.Ok), (Read(mine), Read(others)));
        _drive.Relabel("/Payroll/q3", "finance:top-secret");
        _drive.Files.LookForRevocations();
        Assert.Equal(VaultStatus.Denied, Read(others));
        mine.Release();
        others.Release();
    }

    [Fact]
    public void Of_a_strict_level_each_read_is_decided_anew_and_nothing_is_cached()
    {
        _drive.Policy.Edit(p => p.ChangeLevel("secret", l => l with { Strict = true }));
        OpenFile mine = Open(_drive.Me, OpenIntent.Read | OpenIntent.Write);
        Assert.True(mine.KeepsOutOfCache);
        Assert.Equal((VaultStatus.Ok, VaultStatus.InputOutput), (Read(mine), ReadForCache(mine)));
        _drive.Policy.Heard = _drive.Policy.Newest + 1;
        Assert.Equal((VaultStatus.Denied, VaultStatus.Denied), (Read(mine), Write(mine)));
        _drive.Policy.Heard = 0;
        Assert.Equal((VaultStatus.Ok, VaultStatus.Ok), (Read(mine), Write(mine))); // nothing was taken meanwhile
        _drive.Policy.Edit(p => p.RevokeUser("me", Scope));
        Assert.Equal((VaultStatus.Denied, VaultStatus.Denied), (Read(mine), Write(mine))); // nobody had to look for it
        mine.Release();
    }

    [Fact]
    public void A_policy_that_cannot_be_read_for_a_moment_takes_nothing_and_one_that_stays_so_takes_all()
    {
        OpenFile mine = Open(_drive.Me, OpenIntent.Read);
        _drive.Policy.Heard = _drive.Policy.Newest + 1; // in the log, and not yet in its file
        _drive.Files.LookForRevocations();
        _drive.Clock.Advance(TimeSpan.FromSeconds(29));
        _drive.Files.LookForRevocations();
        Assert.Equal(VaultStatus.Ok, Read(mine));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(Other, _drive.Node("/Payroll/q3"), OpenIntent.Read, out _, out _));
        _drive.Policy.Heard = 0;
        _drive.Files.LookForRevocations();
        _drive.Policy.Heard = _drive.Policy.Newest + 1;
        _drive.Files.LookForRevocations();
        _drive.Clock.Advance(TimeSpan.FromSeconds(29));
        _drive.Files.LookForRevocations();
        Assert.Equal(VaultStatus.Ok, Read(mine)); // counted anew
        _drive.Clock.Advance(TimeSpan.FromSeconds(2));
        _drive.Files.LookForRevocations();
        Assert.Equal(VaultStatus.Denied, Read(mine));
        mine.Release();
    }

    [Fact]
    public void Handles_are_looked_at_by_themselves_while_any_is_open()
    {
        OpenFile mine = Open(_drive.Me, OpenIntent.Read);
        _drive.Policy.Edit(p => p.RevokeUser("me", Scope));
        Patience.Until(
            () =>
            {
                _drive.Clock.Advance(TimeSpan.FromSeconds(1));
                return Read(mine) == VaultStatus.Denied;
            },
            "the sweep");
        mine.Release();
    }

    private OpenFile Open(in Caller caller, OpenIntent intent)
    {
        Assert.Equal(VaultStatus.Ok, _drive.Files.Open(caller, _drive.Node("/Payroll/q3"), intent, out OpenFile? file, out _));
        return file!;
    }

    private static VaultStatus Read(OpenFile file) => file.Read(0, new byte[100], out _);

    private static VaultStatus ReadForCache(OpenFile file) => file.ReadForCache(0, new byte[100], out _);

    private static VaultStatus Write(OpenFile file) => file.Write(0, "x"u8, out _);
}

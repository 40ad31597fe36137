using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Namespace;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>Labels at work: who gets what, in every way that an object can be reached.</summary>
public sealed class GateTests : IDisposable
{
    private const string Scope = "finance:secret";
    private static readonly Caller Root = new(0, 0, 1);
    private static readonly Caller Stranger = new(54_321, 54_321, 1);

    private readonly TestDrive _drive = new();

    public GateTests()
    {
        _drive.Policy.Edit(p => p.AddDepartment("finance"));
        _drive.Policy.Edit(p => p.AddUser("me", _drive.Me.Uid, null, null, EncryptionMode.Mandatory));
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.Plaintext, null));
        _drive.MakeDirectory("/Payroll");
        _drive.SetLabel("/Payroll", Scope);
        _drive.Write("/Payroll/q3", "salaries");
        _drive.Write("/Payroll/other", "other");
        _drive.MakeDirectory("/Payroll/sub");
        _drive.Write("/public", "free");
        _drive.Audit.Clear();
    }

    public void Dispose() => _drive.Dispose();

    [Fact]
    public void A_new_file_takes_the_folders_label_and_a_new_folder_passes_it_on()
    {
        Assert.Equal(Scope, LabelOf("/Payroll/q3"));
        Assert.Equal(Scope, LabelOf("/Payroll/sub"));
        _drive.Write("/Payroll/sub/inner", "x");
        Assert.Equal(Scope, LabelOf("/Payroll/sub/inner"));
        Assert.Equal(VaultStatus.NoAttribute, _drive.Files.GetXattr(_drive.Me, _drive.Node("/public"), "user.securevault.label"u8, [], out _));
    }

    [Fact]
    public void A_newer_policy_that_the_log_tells_of_while_an_open_is_recorded_decides_it_once_more()
    {
        _drive.Audit.Recording = () => _drive.Policy.Heard = _drive.Policy.Current.Version + 1;
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, _drive.Node("/Payroll/q3"), OpenIntent.Read, out OpenFile? file, out _));
        Assert.Null(file);
        Assert.Equal([true, false], _drive.Audit.Records.Select(r => r.Allowed));
        Assert.Contains("cannot be read", _drive.Audit.Last.Detail, StringComparison.Ordinal);
        _drive.Audit.Recording = null;
        Assert.Equal("free", _drive.Read("/public"));
    }

    [Fact]
    public void Copies_may_bring_the_label_along_and_never_change_it()
    {
        ReadOnlySpan<byte> name = "user.securevault.label"u8;
        NodeId labelled = _drive.Node("/Payroll/q3");
        NodeId free = _drive.Node("/public");
        Assert.Equal(VaultStatus.Ok, _drive.Files.ListXattr(_drive.Me, labelled, true, [], out int length));
        Assert.Equal(0, length);
        Assert.Equal(VaultStatus.Ok, _drive.Files.SetXattr(_drive.Me, labelled, name, Encoding.UTF8.GetBytes(Scope), false, false));
        Assert.Equal(VaultStatus.Ok, _drive.Files.RemoveXattr(_drive.Me, labelled, name));
        Assert.Equal(VaultStatus.NoAttribute, _drive.Files.RemoveXattr(_drive.Me, free, name));
        _drive.Audit.Clear();
        Assert.Equal(VaultStatus.NotPermitted, _drive.Files.SetXattr(_drive.Me, labelled, name, "finance:public"u8, false, false));
        Assert.Equal(VaultStatus.NotPermitted, _drive.Files.SetXattr(Stranger, free, name, Encoding.UTF8.GetBytes(Scope), false, false));
        Assert.Equal(["/Payroll/q3", "/public"], _drive.Audit.Records.Where(r => r is { Event: AuditEvent.Change, Allowed: false }).Select(r => r.Path));
        Assert.Equal(Scope, LabelOf("/Payroll/q3"));
    }

    [Fact]
    public void Attributes_read_of_labelled_files_and_cuts_of_any_file_are_on_record()
    {
        Assert.Equal(VaultStatus.Ok, _drive.Files.SetXattr(_drive.Me, _drive.Node("/Payroll/q3"), "user.note"u8, "x"u8, false, false));
        _drive.Audit.Clear();
        Assert.Equal(VaultStatus.Ok, _drive.Files.GetXattr(_drive.Me, _drive.Node("/Payroll/q3"), "user.note"u8, [], out _));
        Assert.Equal(VaultStatus.Ok, _drive.Files.SetAttributes(_drive.Me, _drive.Node("/public"), null, new AttributeChange { Size = 1 }, out _));
        Assert.Equal([(AuditEvent.Open, "/Payroll/q3"), (AuditEvent.Change, "/public")], _drive.Audit.Records.Select(r => (r.Event, r.Path)));
    }

    [Fact]
    public void A_labelled_folder_holds_no_pipe_and_no_socket()
    {
        foreach (NodeKind kind in new[] { NodeKind.Fifo, NodeKind.Socket, NodeKind.CharacterDevice }.Where(k => k != NodeKind.CharacterDevice || Environment.IsPrivilegedProcess))
        {
            Assert.Equal(VaultStatus.Denied, _drive.Files.MakeNode(_drive.Me, _drive.Node("/Payroll"), "new"u8, kind, 0x180, 0, out _));
            Assert.Contains("neither decided nor recorded", _drive.Audit.Last.Detail, StringComparison.Ordinal);
            Assert.Equal(VaultStatus.Ok, _drive.Files.MakeNode(_drive.Me, NodeId.Root, "free"u8, kind, 0x180, 0, out _));
            Assert.Equal(VaultStatus.Denied, _drive.Files.Rename(_drive.Me, NodeId.Root, "free"u8, _drive.Node("/Payroll"), "in"u8, RenameKind.Replace));
            Assert.False(_drive.Audit.Last.Allowed);
            Assert.Equal(VaultStatus.Denied, _drive.Files.Rename(_drive.Me, _drive.Node("/Payroll"), "other"u8, NodeId.Root, "free"u8, RenameKind.Exchange));
            Assert.Contains("neither decided", _drive.Audit.Last.Detail, StringComparison.Ordinal);
            Assert.Equal(VaultStatus.Denied, _drive.Files.Link(_drive.Me, _drive.Node("/free"), _drive.Node("/Payroll"), "link"u8, out _));
            Assert.Contains("neither decided", _drive.Audit.Last.Detail, StringComparison.Ordinal);
            Assert.Equal(VaultStatus.Ok, _drive.Files.Unlink(_drive.Me, NodeId.Root, "free"u8));
        }
    }

    [Fact]
    public void Whoever_has_no_grant_is_denied_root_included_and_it_is_recorded()
    {
        // When the tests run as root, root is the granted user: then only the stranger is left to try.
        foreach (Caller caller in new[] { Root, Stranger }.Where(c => c.Uid != _drive.Me.Uid))
        {
            _drive.Audit.Clear();
            Assert.Equal(VaultStatus.Denied, _drive.Files.Open(caller, _drive.Node("/Payroll/q3"), OpenIntent.Read, out OpenFile? file, out _));
            Assert.Null(file);
            AuditRecord record = Assert.Single(_drive.Audit.Records);
            Assert.Equal((AuditEvent.Open, false, "denied", "/Payroll/q3", Scope, caller.Uid), (record.Event, record.Allowed, record.Mode, record.Path, record.Label, record.Uid!.Value));
            Assert.Equal(VaultStatus.Denied, _drive.Files.OpenDirectory(caller, _drive.Node("/Payroll"), out _));
            Assert.Equal(VaultStatus.Denied, _drive.Files.GetXattr(caller, _drive.Node("/Payroll/q3"), "user.note"u8, [], out _));
            Assert.Equal(VaultStatus.Ok, _drive.Files.Open(caller, _drive.Node("/public"), OpenIntent.Read, out file, out _));
            file!.Release();
        }
    }

    [Fact]
    public void Root_has_no_right_of_its_own()
    {
        _drive.Policy.Edit(p => p.RemoveUser("me"));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(Root, _drive.Node("/Payroll/q3"), OpenIntent.Read, out _, out _));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Unlink(Root, _drive.Node("/Payroll"), "q3"u8));
        Assert.Equal(VaultStatus.Denied, _drive.Files.SetAttributes(Root, _drive.Node("/Payroll"), null, new AttributeChange { Mode = 0x1FF }, out _));
    }

    public static TheoryData<string> WaysToChange() => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(WaysToChange))]
    public void A_read_only_grant_reads_and_refuses_every_way_of_changing(string way)
    {
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.ReadOnly, null));
        Assert.Equal("salaries", _drive.Read("/Payroll/q3"));
        _drive.List("/Payroll");
        _drive.Audit.Clear();
        Assert.Equal(VaultStatus.Denied, Ways[way](_drive));
        AuditRecord record = Assert.Single(_drive.Audit.Records);
        Assert.Equal((false, "read-only", Scope), (record.Allowed, record.Mode, record.Label));
        Assert.Equal("salaries", _drive.Read("/Payroll/q3"));
        Assert.Equal(["other", "q3", "sub"], _drive.List("/Payroll"));
    }

    [Theory]
    [MemberData(nameof(WaysToChange))]
    public void A_plaintext_grant_allows_every_way_of_changing(string way)
    {
        Assert.Equal(VaultStatus.Ok, Ways[way](_drive));
        Assert.All(_drive.Audit.Records, r => Assert.True(r.Allowed));
    }

    [Fact]
    public void A_change_of_grants_holds_from_the_next_open_on()
    {
        NodeId node = _drive.Node("/Payroll/q3");
        Assert.Equal(VaultStatus.Ok, _drive.Files.Open(_drive.Me, node, OpenIntent.Read, out OpenFile? before, out _));
        _drive.Policy.Edit(p => p.RevokeUser("me", Scope));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, node, OpenIntent.Read, out _, out _));
        byte[] plain = new byte[8];
        Assert.Equal(VaultStatus.Ok, before!.Read(0, plain, out _));
        before.Release();
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.ReadOnly, null));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, node, OpenIntent.Write, out _, out _));
        Assert.Equal("salaries", _drive.Read("/Payroll/q3"));
    }

    [Fact]
    public void A_grant_ends_when_it_expires_though_it_was_used_just_before()
    {
        DateTimeOffset end = _drive.Clock.GetUtcNow() + TimeSpan.FromSeconds(10);
        _drive.Policy.Edit(p => p.GrantUser("me", Scope, AccessMode.Plaintext, end));
        _drive.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("salaries", _drive.Read("/Payroll/q3"));
        _drive.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, _drive.Node("/Payroll/q3"), OpenIntent.Read, out _, out _));
    }

    [Fact]
    public void When_the_log_cannot_be_written_nothing_happens()
    {
        NodeId payroll = _drive.Node("/Payroll");
        NodeId file = _drive.Node("/Payroll/q3");
        _drive.Audit.Fails = true;
        Assert.Equal(VaultStatus.InputOutput, _drive.Files.Open(_drive.Me, file, OpenIntent.Read, out OpenFile? open, out _));
        Assert.Null(open);
        Assert.Equal(VaultStatus.InputOutput, _drive.Files.Open(_drive.Me, _drive.Node("/public"), OpenIntent.Read | OpenIntent.Truncate, out _, out _));
        Assert.Equal(VaultStatus.InputOutput, _drive.Files.Create(_drive.Me, payroll, "new"u8, 0x180, OpenIntent.Write, out _, out _));
        Assert.Equal(VaultStatus.InputOutput, _drive.Files.MakeDirectory(_drive.Me, payroll, "new"u8, 0x180, out _));
        Assert.Equal(VaultStatus.InputOutput, _drive.Files.Unlink(_drive.Me, payroll, "q3"u8));
        Assert.Equal(VaultStatus.InputOutput, _drive.Files.Rename(_drive.Me, payroll, "q3"u8, payroll, "q4"u8, RenameKind.Replace));
        Assert.Equal(VaultStatus.InputOutput, _drive.Files.SetAttributes(_drive.Me, file, null, new AttributeChange { Size = 0 }, out _));
        Assert.Equal(0, _drive.Files.OpenFileCount);
        _drive.Audit.Fails = false;
        Assert.Equal("salaries", _drive.Read("/Payroll/q3"));
        Assert.Equal("free", _drive.Read("/public"));
        Assert.Equal(["other", "q3", "sub"], _drive.List("/Payroll"));
    }

    [Fact]
    public void An_allowed_open_is_recorded_with_who_what_and_under_which_policy()
    {
        _drive.Read("/Payroll/q3");
        AuditRecord record = _drive.Audit.Last;
        Assert.Equal((AuditEvent.Open, true, "plaintext", "me", "/Payroll/q3", Scope), (record.Event, record.Allowed, record.Mode, record.User, record.Path, record.Label));
        Assert.Equal((_drive.Me.Uid, _drive.Me.Pid, "/usr/bin/tester", _drive.Policy.Current.Version), (record.Uid!.Value, record.Pid, record.Executable, record.PolicyVersion));
        _drive.Read("/public");
        Assert.Equal(("/public", "unlabelled"), (_drive.Audit.Last.Path, _drive.Audit.Last.Label));
    }

    [Fact]
    public void A_file_keeps_its_label_when_it_is_renamed_into_another_folder()
    {
        Assert.Equal(VaultStatus.Ok, _drive.Files.Rename(_drive.Me, _drive.Node("/Payroll"), "q3"u8, NodeId.Root, "q3"u8, RenameKind.Replace));
        AuditRecord record = _drive.Audit.Records.Single(r => r.Event == AuditEvent.Rename);
        Assert.Equal(("/Payroll/q3", "to /q3"), (record.Path, record.Detail));
        Assert.Equal(Scope, LabelOf("/q3"));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(Stranger, _drive.Node("/q3"), OpenIntent.Read, out _, out _));
    }

    [Fact]
    public void New_files_take_the_newest_key_of_the_label_and_old_ones_stay_readable()
    {
        SecureVault.Format.V1.KeyId newest = _drive.Labels.Rotate(Scope);
        _drive.Write("/Payroll/new", "new");
        Assert.Equal(newest, KeyOf("/Payroll/new"));
        Assert.NotEqual(newest, KeyOf("/Payroll/q3"));
        Assert.Equal("new", _drive.Read("/Payroll/new"));
        Assert.Equal("salaries", _drive.Read("/Payroll/q3"));
    }

    [Fact]
    public void A_file_whose_key_the_keyring_lost_is_denied()
    {
        _drive.Remount();
        _drive.Labels.Lose(_drive.Labels.KeyOf(Scope));
        Assert.Equal(VaultStatus.Denied, _drive.Files.Open(_drive.Me, _drive.Node("/Payroll/q3"), OpenIntent.Read, out _, out _));
    }

    private static readonly Dictionary<string, Func<TestDrive, VaultStatus>> Ways = new()
    {
        ["open for writing"] = d => Open(d, OpenIntent.Write),
        ["open for reading and writing"] = d => Open(d, OpenIntent.Read | OpenIntent.Write),
        ["open for appending"] = d => Open(d, OpenIntent.Write | OpenIntent.Append),
        ["open with truncation"] = d => Open(d, OpenIntent.Read | OpenIntent.Truncate, restore: true),
        ["truncate"] = d => Set(d, new AttributeChange { Size = 8 }),
        ["mode"] = d => Set(d, new AttributeChange { Mode = 0x1B6 }),
        ["owner"] = d => Set(d, new AttributeChange { Uid = d.Me.Uid }),
        ["times"] = d => Set(d, new AttributeChange { ModifiedNow = true }),
        ["set an attribute"] = d => d.Files.SetXattr(d.Me, d.Node("/Payroll/q3"), "user.x"u8, "x"u8, false, false),
        ["unlink"] = d => d.Files.Unlink(d.Me, d.Node("/Payroll"), "other"u8),
        ["rename"] = d => d.Files.Rename(d.Me, d.Node("/Payroll"), "other"u8, d.Node("/Payroll"), "renamed"u8, RenameKind.Replace),
        ["rename out"] = d => d.Files.Rename(d.Me, d.Node("/Payroll"), "other"u8, NodeId.Root, "out"u8, RenameKind.Replace),
        ["rename in"] = d => d.Files.Rename(d.Me, NodeId.Root, "public"u8, d.Node("/Payroll"), "in"u8, RenameKind.Replace),
        ["rename over"] = d => d.Files.Rename(d.Me, NodeId.Root, "public"u8, d.Node("/Payroll"), "other"u8, RenameKind.Replace),
        ["exchange"] = d => d.Files.Rename(d.Me, NodeId.Root, "public"u8, d.Node("/Payroll"), "other"u8, RenameKind.Exchange),
        ["move the folder"] = d => d.Files.Rename(d.Me, d.Node("/Payroll"), "sub"u8, NodeId.Root, "sub"u8, RenameKind.Replace),
        ["link out"] = d => d.Files.Link(d.Me, d.Node("/Payroll/q3"), NodeId.Root, "link"u8, out _),
        ["link in"] = d => d.Files.Link(d.Me, d.Node("/public"), d.Node("/Payroll"), "link"u8, out _),
        ["create"] = Create,
        ["make a folder"] = d => d.Files.MakeDirectory(d.Me, d.Node("/Payroll"), "new"u8, 0x1C0, out _),
        ["make a link"] = d => d.Files.MakeSymlink(d.Me, d.Node("/Payroll"), "new"u8, "q3"u8, out _),
        ["remove a folder"] = d => d.Files.RemoveDirectory(d.Me, d.Node("/Payroll"), "sub"u8),
        ["mode of the folder"] = d => d.Files.SetAttributes(d.Me, d.Node("/Payroll"), null, new AttributeChange { Mode = 0x1FF }, out _),
    };

    private static VaultStatus Open(TestDrive drive, OpenIntent intent, bool restore = false)
    {
        VaultStatus status = drive.Files.Open(drive.Me, drive.Node("/Payroll/q3"), intent, out OpenFile? file, out _);
        file?.Release();
        return status;
    }

    private static VaultStatus Set(TestDrive drive, AttributeChange change) => drive.Files.SetAttributes(drive.Me, drive.Node("/Payroll/q3"), null, change, out _);

    private static VaultStatus Create(TestDrive drive)
    {
        VaultStatus status = drive.Files.Create(drive.Me, drive.Node("/Payroll"), "new"u8, 0x180, OpenIntent.Write, out _, out OpenFile? file);
        file?.Release();
        return status;
    }

    private string LabelOf(string path)
    {
        byte[] value = new byte[100];
        Assert.Equal(VaultStatus.Ok, _drive.Files.GetXattr(Stranger, _drive.Node(path), "user.securevault.label"u8, value, out int length));
        return Encoding.UTF8.GetString(value, 0, length);
    }

    private SecureVault.Format.V1.KeyId KeyOf(string path)
    {
        byte[] header = System.IO.File.ReadAllBytes(_drive.StoredPath(path));
        Assert.Equal(SecureVault.Format.FormatStatus.Ok, SecureVault.Format.V1.FileHeader.TryReadKeyId(header.AsSpan(0, SecureVault.Format.V1.FileHeader.KeyRecordSize), _drive.Keys.Header, out _, out SecureVault.Format.V1.KeyId key));
        return key;
    }
}

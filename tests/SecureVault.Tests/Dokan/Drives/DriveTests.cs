using System;
using System.Linq;
using System.Text;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Values;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Dokan.Drives;

public sealed class DriveTests
{
    [Fact]
    public void Names_are_found_in_any_case_and_the_exact_one_wins()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\Dir", null);
        vault.Put("\\Dir\\Report.TXT", "one");
        Assert.Equal("one", vault.Get("\\DIR\\report.txt"));
        vault.Put("\\dir\\REPORT.txt", "two");
        Assert.Equal(["Report.TXT"], vault.Names("\\DIR"));

        Assert.Equal(VaultStatus.Ok, vault.Under.Find("/Dir", out NodeId dir));
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.MakeNode(vault.Under.Me, dir, "report.txt"u8, NodeKind.File, 0x1B6, 0, out _));
        vault.Put("\\Dir\\report.txt", "low");
        Assert.Equal(["Report.TXT", "report.txt"], vault.Names("\\Dir"));
        Assert.Equal("two", vault.Get("\\Dir\\REPORT.TXT"));
        Assert.Equal("low", vault.Get("\\Dir\\report.txt"));
        Assert.Equal(NtStatus.ObjectNameCollision, vault.Create("\\Dir\\rePort.txt", NtAccess.GenericWrite, out _, NtDisposition.Create));
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.Unlink(vault.Under.Me, dir, "Report.TXT"u8));
        Assert.Equal("low", vault.Get("\\Dir\\REPORT.TXT"));
    }

    [Fact]
    public void Two_makers_of_one_name_in_two_cases_make_one_file()
    {
        using var vault = new NtVault();
        for (int round = 0; round < 50; round++)
        {
            NtHandle?[] made = new NtHandle?[8];
            SideBySide.Run(made.Length, i =>
            {
                string name = new([.. "newfile".Select((c, at) => ((i >> at) & 1) == 0 ? c : char.ToUpperInvariant(c))]);
                NtStatus status = vault.Create($"\\{name}{round}", NtAccess.GenericWrite, out made[i], NtDisposition.Create);
                Assert.True(status is NtStatus.Success or NtStatus.ObjectNameCollision, status.ToString());
            });
            vault.End(Assert.Single(made, h => h is not null)!);
        }

        Assert.Equal(50, vault.Names("\\").Count);
    }

    [Fact]
    public void After_Stop_every_call_says_so_and_nothing_is_open()
    {
        using var vault = new NtVault();
        NtHandle file = vault.Open("\\f", NtAccess.GenericRead | NtAccess.GenericWrite, NtDisposition.Create);
        NtHandle root = vault.Open("\\", NtAccess.ReadData);
        vault.Drive.Stop();
        Assert.Equal(0, vault.Under.Files.OpenFileCount);
        byte[] one = new byte[1];
        NtStatus[] answers =
        [
            vault.Create("\\f", NtAccess.GenericRead, out _), vault.Drive.Read(file, 0, one, out _), vault.Drive.Write(file, 0, one, true, false, out _),
            vault.Drive.Flush(file), vault.Drive.GetInformation(file, out _), vault.Drive.List(root, null, new NtEntries()),
            vault.Drive.SetAttributes(file, NtAttributes.ReadOnly), vault.Drive.SetTimes(file, new NtTimes(null, null, new NtTime(1))), vault.Drive.CheckDelete(file, true),
            vault.Drive.Move(file, "\\g", true), vault.Drive.SetEndOfFile(file, 0), vault.Drive.SetAllocationSize(file, 0), vault.Drive.GetSpace(out _),
            vault.Drive.GetVolume(out _), vault.Drive.GetSecurity(file, NtSecurityParts.Dacl, one, out _), vault.Drive.SetSecurity(file, NtSecurityParts.Dacl),
            vault.Drive.GetStreams(file, out _), vault.Drive.Cleanup(file, true), vault.Drive.Close(file),
        ];
        Assert.All(answers, a => Assert.Equal(NtStatus.VolumeDismounted, a));
        vault.Drive.Stop();
    }

    [Fact]
    public void Calls_racing_with_Stop_end_definitely()
    {
        for (int round = 0; round < 10; round++)
        {
            using var vault = new NtVault();
            vault.Put("\\f", "content");
            SideBySide.Run(5, user =>
            {
                if (user == 0)
                {
                    vault.Drive.Stop();
                }
                else
                {
                    ReadUntilStopped(vault);
                }
            });
            Assert.Equal(0, vault.Under.Files.OpenFileCount);
            Assert.Empty(vault.Log.Lines);
        }
    }

    [Fact]
    public void An_exception_inside_is_answered_and_logged_and_the_drive_lives_on()
    {
        using var vault = new NtVault();
        NtHandle root = vault.Open("\\", NtAccess.ReadData);
        vault.Put("\\f", "x");
        Assert.Equal(NtStatus.InternalError, vault.Drive.List(root, null, new ThrowingSink()));
        Assert.Equal(NtStatus.InternalError, vault.Drive.Flush(null!));
        Assert.Equal(["List: InvalidTimeZoneException", "Flush: NullReferenceException"], vault.Log.Lines);
        vault.End(root);
        Assert.Equal("x", vault.Get("\\f"));
    }

    [Fact]
    public void Two_tokens_of_one_user_do_not_share_a_decision()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:internal");
        vault.Put("\\F\\a", "secret");
        var create = new NtCreate(NtAccess.GenericRead, NtShare.All, NtDisposition.Open, NtOptions.None, NtAttributes.None);
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.Create("\\F\\a", create, vault.As("S-1-5-21-9-9-9-1"), out _));
        Assert.Equal("S-1-5-21-9-9-9-1", vault.Under.Audit.Last.User);
        Assert.Null(vault.Under.Audit.Last.Uid);
        Assert.Equal(NtStatus.Success, vault.Drive.Create("\\F\\a", create, vault.As("S-1-5-21-9-9-9-1", NtVault.Accounting), out NtHandle? handle));
        vault.End(handle!);
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.Create("\\F\\a", create, vault.As("S-1-5-21-9-9-9-1"), out _));
    }

    [Fact]
    public void A_handle_keeps_its_decision_and_its_caller()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:secret");
        vault.Put("\\F\\a", "before");
        NtHandle open = vault.Open("\\F\\a", NtAccess.GenericRead | NtAccess.GenericWrite | NtAccess.Delete);
        Assert.Equal(NtStatus.Success, vault.Drive.Cleanup(open, false));
        vault.Under.Policy.Edit(p => p.RevokeUser("alice", "finance:secret"));
        byte[] plain = new byte[6];
        Assert.Equal(NtStatus.Success, vault.Drive.Read(open, 0, plain, out _));
        Assert.Equal("before", Encoding.ASCII.GetString(plain));
        Assert.Equal(NtStatus.Success, vault.Drive.Close(open));
        Assert.Equal(NtStatus.InvalidHandle, vault.Drive.Read(open, 0, plain, out _));
        Assert.Equal(NtStatus.InvalidHandle, vault.Drive.GetInformation(open, out _));
        Assert.Equal(NtStatus.AccessDenied, vault.Create("\\F\\a", NtAccess.GenericRead, out _));
    }

    [Fact]
    public void A_delete_that_the_policy_takes_back_before_the_last_cleanup_leaves_the_file()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:secret");
        vault.Put("\\F\\a", "stays");
        NtHandle open = vault.Open("\\F\\a", NtAccess.Delete);
        Assert.Equal(NtStatus.Success, vault.Drive.CheckDelete(open, true));
        vault.Under.Policy.Edit(p => p.RevokeUser("alice", "finance:secret"));
        Assert.Equal(NtStatus.Success, vault.Drive.Cleanup(open, true));
        Assert.Equal(NtStatus.Success, vault.Drive.Close(open));
        Assert.Equal(["A file that was to be deleted stays: Denied."], vault.Log.Lines);
        Assert.Equal("stays", vault.Get("\\F\\a", NtVault.Bob));
    }

    [Fact]
    public void What_Windows_makes_has_no_owner_of_its_own_and_an_open_mode()
    {
        using var vault = new NtVault();
        vault.Put("\\f", "x");
        vault.MakeFolder("\\d", null);
        Assert.Equal(VaultStatus.Ok, vault.Under.Find("/f", out NodeId file));
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.GetAttributes(file, out NodeAttributes attributes));
        Assert.Equal((0x1B6u, vault.Under.Me.Uid), (attributes.Mode, attributes.Uid));
        NtHandle handle = vault.Open("\\f", NtAccess.WriteAttributes);
        Assert.Equal(NtStatus.Success, vault.Drive.SetAttributes(handle, NtAttributes.ReadOnly | NtAttributes.Hidden));
        Assert.Equal(NtStatus.Success, vault.Drive.GetInformation(handle, out NtFileInformation information));
        Assert.Equal(NtAttributes.ReadOnly | NtAttributes.Hidden, information.Attributes);
        vault.End(handle);
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.GetAttributes(file, out attributes));
        Assert.Equal(0x124u, attributes.Mode);
    }

    [Fact]
    public void Links_of_Linux_are_shown_and_deleted_but_never_opened_or_followed()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\d", null);
        vault.Put("\\d\\f", "x");
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.MakeSymlink(vault.Under.Me, NodeId.Root, "link"u8, "d"u8, out _));
        Assert.Equal(["d", "link"], vault.Names("\\"));
        Assert.Equal(NtStatus.IoReparseTagNotHandled, vault.Create("\\link", NtAccess.GenericRead, out _));
        Assert.Equal(NtStatus.ObjectPathNotFound, vault.Create("\\link\\f", NtAccess.GenericRead, out _));
        NtHandle link = vault.Open("\\link", NtAccess.Delete | NtAccess.ReadAttributes);
        Assert.Equal(NtStatus.Success, vault.Drive.GetInformation(link, out NtFileInformation information));
        Assert.Equal((NtAttributes.System | NtAttributes.Archive, 0), (information.Attributes, information.Size));
        Assert.Equal(NtStatus.Success, vault.Drive.CheckDelete(link, true));
        vault.End(link, deletes: true);
        Assert.Equal(["d"], vault.Names("\\"));
        Assert.Equal("x", vault.Get("\\d\\f"));
    }

    [Fact]
    public void Times_that_only_say_whether_to_follow_are_no_times()
    {
        using var vault = new NtVault();
        vault.Put("\\f", "x");
        NtHandle file = vault.Open("\\f", NtAccess.WriteAttributes);
        var given = new NtTime(133_444_736_000_000_000);
        Assert.Equal(NtStatus.Success, vault.Drive.SetTimes(file, new NtTimes(new NtTime(-2), new NtTime(-1), given)));
        Assert.Equal(NtStatus.Success, vault.Drive.SetTimes(file, new NtTimes(new NtTime(-1), new NtTime(0), new NtTime(-2))));
        Assert.Equal(NtStatus.Success, vault.Drive.GetInformation(file, out NtFileInformation information));
        Assert.Equal(given, information.Modified);
        Assert.Equal(NtStatus.InvalidParameter, vault.Drive.SetTimes(file, new NtTimes(null, null, new NtTime(-3))));
        Assert.Equal(NtStatus.InvalidParameter, vault.Drive.SetTimes(file, new NtTimes(new NtTime(-3), null, null)));
        vault.End(file);
    }

    [Fact]
    public void Listing_one_name_gives_it_as_the_folder_spells_it()
    {
        using var vault = new NtVault();
        vault.Put("\\Read Me.txt", "12345");
        Assert.Equal(["Read Me.txt"], vault.Names("\\", "read me.TXT"));
        Assert.Empty(vault.Names("\\", "nothing"));
        Assert.Empty(vault.Names("\\", "con"));
        NtHandle root = vault.Open("\\", NtAccess.ReadData);
        var sink = new NtEntries();
        Assert.Equal(NtStatus.Success, vault.Drive.List(root, "*", sink));
        vault.End(root);
        NtFileInformation only = Assert.Single(sink.Entries);
        Assert.Equal((5, 4096, NtAttributes.Archive, 1u), (only.Size, only.AllocationSize, only.Attributes, only.Links));
        Assert.NotEqual(0ul, only.Index);
    }

    [Fact]
    public void Volume_space_and_streams_are_told()
    {
        using var vault = new NtVault();
        vault.Put("\\f", "four");
        Assert.Equal(NtStatus.Success, vault.Drive.GetVolume(out NtVolume volume));
        Assert.Equal(new NtVolume("SecureVault", 0x5EC0_0001, "NTFS", NtFeatures.CasePreservedNames | NtFeatures.UnicodeOnDisk | NtFeatures.PersistentAcls, 255), volume);
        Assert.Equal(NtStatus.Success, vault.Drive.GetSpace(out NtSpace space));
        Assert.True(space.Total > 0 && space.Free <= space.Total && space.Available <= space.Free);
        NtHandle file = vault.Open("\\f", NtAccess.ReadAttributes);
        Assert.Equal(NtStatus.Success, vault.Drive.GetStreams(file, out NtStream[] streams));
        Assert.Equal([new NtStream("::$DATA", 4)], streams);
        vault.End(file);
    }

    private static void ReadUntilStopped(NtVault vault)
    {
        byte[] plain = new byte[16];
        NtStatus status = NtStatus.Success;
        while (status == NtStatus.Success)
        {
            status = vault.Create("\\f", NtAccess.GenericRead, out NtHandle? handle);
            if (handle is not null)
            {
                NtStatus read = vault.Drive.Read(handle, 0, plain, out int count);
                Assert.True(read == NtStatus.Success ? count == 7 : read == NtStatus.VolumeDismounted && count == 0, $"{read} {count}");
                _ = vault.Drive.Cleanup(handle, false);
                _ = vault.Drive.Close(handle);
            }
        }

        Assert.Equal(NtStatus.VolumeDismounted, status);
    }

    private sealed class ThrowingSink : INtListSink
    {
        public bool Add(in NtFileInformation entry) => throw new InvalidTimeZoneException();
    }
}

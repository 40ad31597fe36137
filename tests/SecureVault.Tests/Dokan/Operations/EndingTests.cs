using System;
using System.Linq;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.Policy.Audit;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Dokan.Operations;

/// <summary>How deletions end, and pages written late, beyond what the scripts show.</summary>
public sealed class EndingTests
{
    [Fact]
    public void What_was_asked_for_does_not_happen_unless_the_driver_says_so()
    {
        using var vault = new NtVault();
        vault.Put("\\f", "stays");
        NtHandle asked = vault.Open("\\f", NtAccess.Delete);
        Assert.Equal(NtStatus.Success, vault.Drive.CheckDelete(asked, true));
        Assert.Equal("stays", vault.Get("\\f"));
        vault.End(asked);
        NtHandle onClose = vault.Open("\\f", NtAccess.Delete, options: NtOptions.DeleteOnClose);
        vault.End(onClose);
        Assert.Equal("stays", vault.Get("\\f"));
        vault.End(vault.Open("\\f", NtAccess.Delete), deletes: true);
        Assert.Equal(NtStatus.ObjectNameNotFound, vault.Create("\\f", NtAccess.GenericRead, out _));
    }

    [Fact]
    public void Whoever_closes_last_a_deletion_is_recorded_as_who_asked_for_it()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:secret");
        vault.Put("\\F\\a", "x");
        NtHandle other = vault.Open("\\F\\a", NtAccess.ReadAttributes, user: NtVault.Mallory);
        NtHandle asked = vault.Open("\\F\\a", NtAccess.Delete);
        Assert.Equal(NtStatus.Success, vault.Drive.CheckDelete(asked, true));
        vault.End(asked);
        vault.Under.Audit.Clear();
        vault.End(other, deletes: true);
        Assert.Equal([("alice", true)], vault.Under.Audit.Records.Where(r => r.Event == AuditEvent.Delete).Select(r => (r.User, r.Allowed)));
        Assert.Empty(vault.Names("\\F"));
        Assert.Empty(vault.Log.Lines);
    }

    [Fact]
    public void Who_never_asked_deletes_by_his_own_right_alone()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:secret");
        vault.Put("\\F\\a", "stays");
        vault.End(vault.Open("\\F\\a", NtAccess.ReadAttributes, user: NtVault.Mallory), deletes: true);
        Assert.Equal(["a"], vault.Names("\\F"));
        Assert.Equal(["A file that was to be deleted stays: Denied."], vault.Log.Lines);
    }

    [Fact]
    public void A_deletion_goes_with_a_name_that_is_moved()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:secret");
        vault.Put("\\F\\a", "x");
        NtHandle other = vault.Open("\\F\\a", NtAccess.ReadAttributes, user: NtVault.Mallory);
        NtHandle asked = vault.Open("\\F\\a", NtAccess.Delete);
        Assert.Equal(NtStatus.Success, vault.Drive.CheckDelete(asked, true));
        Assert.Equal(NtStatus.Success, vault.Drive.Move(asked, "\\F\\b", false));
        vault.End(asked);
        vault.End(other, deletes: true);
        Assert.Empty(vault.Names("\\F"));
        Assert.Empty(vault.Log.Lines);
    }

    [Fact]
    public void Names_of_one_file_closed_together_go_each_by_its_own_flag()
    {
        using var vault = new NtVault();
        string[] names = [.. Enumerable.Range(0, 8).Select(i => $"n{i}")];
        for (int round = 0; round < 20; round++)
        {
            vault.Put("\\n0", "x");
            Array.ForEach(names[1..], name => vault.MakeLink("\\" + name, "\\n0"));
            NtHandle[] handles = [.. names.Select(name => vault.Open("\\" + name, NtAccess.Delete | NtAccess.ReadData))];
            Array.ForEach(handles, handle => Assert.Equal(NtStatus.Success, vault.Drive.CheckDelete(handle, true)));
            SideBySide.Run(handles.Length, i => vault.End(handles[i], deletes: i % 2 == 0));
            Assert.Equal(names.Where((_, i) => i % 2 == 1), vault.Names("\\"));
            Array.ForEach(names, name => vault.End(vault.Open("\\" + name, NtAccess.Delete, NtDisposition.OpenIf), deletes: true));
        }

        Assert.Empty(vault.Log.Lines);
    }

    [Fact]
    public void Late_pages_written_beside_closing_writers_all_arrive()
    {
        using var vault = new NtVault();
        vault.Put("\\f", new string('.', 4096));
        for (int round = 0; round < 20; round++)
        {
            NtHandle reader = vault.Open("\\f", NtAccess.GenericRead);
            NtHandle[] writers = [.. Enumerable.Range(0, 4).Select(_ => vault.Open("\\f", NtAccess.GenericRead | NtAccess.GenericWrite))];
            byte[] page = new byte[4096];
            Array.Fill(page, (byte)('a' + round));
            SideBySide.Run(8, i =>
            {
                if (i < writers.Length)
                {
                    vault.End(writers[i]);
                }
                else
                {
                    Assert.Equal(NtStatus.Success, vault.Drive.Write(reader, 0, page, paging: true, toEnd: false, out int written));
                    Assert.Equal(page.Length, written);
                }
            });
            vault.End(reader);
            Assert.Equal(new string((char)('a' + round), 4096), vault.Get("\\f"));
            Assert.Equal(0, vault.Under.Files.OpenFileCount);
        }
    }

    [Fact]
    public void The_drive_names_who_has_something_open()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\d", null);
        Assert.Empty(vault.Drive.Holders);
        NtHandle one = vault.Open("\\d", NtAccess.ReadAttributes);
        NtHandle two = vault.Open("\\", NtAccess.ReadData);
        var other = new Requestor(new CallerToken(NtVault.Bob, [], 99), 12, "");
        Assert.Equal(NtStatus.Success, vault.Drive.Create("\\d", new NtCreate(NtAccess.ReadAttributes, NtShare.All, NtDisposition.Open, NtOptions.None, NtAttributes.None), other, out NtHandle? three));
        Assert.Equal([("", 12), (NtVault.Program, 4711)], vault.Drive.Holders.Select(h => (h.Executable, h.Pid)).Order());
        vault.End(three!);
        vault.End(two);
        Assert.Equal([4711], vault.Drive.Holders.Select(h => h.Pid));
        vault.End(one);
        Assert.Empty(vault.Drive.Holders);
    }
}

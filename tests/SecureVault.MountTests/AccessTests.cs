using System.Collections.Generic;
using System.Linq;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The label at work, as real users on a real mount.</summary>
public sealed class AccessTests(DriveFixture fixture) : IClassFixture<DriveFixture>
{
    private string Payroll => fixture.Drive.Payroll;

    [SkippableFact]
    public void A_plaintext_user_reads_and_writes()
    {
        string file = Payroll + "/q1.txt";
        Assert.Equal("ok 5", fixture.Alice.Write(file, "first"));
        Assert.Equal("first", fixture.Alice.Read(file));
        Assert.Equal("ok 4", fixture.Alice.Do("append", file, "more"));
        Assert.Equal("firstmore", fixture.Alice.Read(file));
        Assert.Equal("ok 0", fixture.Alice.Do("rename", file, Payroll + "/q1b.txt"));
        Assert.Equal("ok 0", fixture.Alice.Do("unlink", Payroll + "/q1b.txt"));
    }

    [SkippableFact]
    public void A_read_only_user_reads_and_no_way_of_writing_gets_through()
    {
        string file = Payroll + "/q2.txt";
        string other = Payroll + "/other.txt";
        string loose = fixture.Drive.Open + "/loose.txt";
        Assert.Equal("ok 7", fixture.Alice.Write(file, "content"));
        Assert.Equal("ok 0", fixture.Alice.Do("chmod", file, "666"));
        Assert.Equal("ok 5", fixture.Alice.Write(other, "other"));
        Assert.Equal("ok 0", fixture.Alice.Do("chmod", other, "666"));
        Assert.Equal("ok 5", fixture.Bob.Write(loose, "loose"));
        Assert.Equal("content", fixture.Bob.Read(file));

        Actor bob = fixture.Bob;
        var ways = new Dictionary<string, string>
        {
            ["open for write"] = bob.Do("open", file, "w"),
            ["open for read and write"] = bob.Do("open", file, "rw"),
            ["open to append"] = bob.Do("append", file, "x"),
            ["open with truncate"] = bob.Do("open", file, "w,trunc"),
            ["open read-only with truncate"] = bob.Do("open", file, "r,trunc"),
            ["truncate by path"] = bob.Do("truncate", file, "0"),
            ["chmod, then write"] = bob.Do("chmod", file, "777"),
            ["chown"] = bob.Do("chown", file, "65002", "65002"),
            ["utimes"] = bob.Do("utimes", file),
            ["rename away"] = bob.Do("rename", file, fixture.Drive.Open + "/stolen.txt"),
            ["rename inside"] = bob.Do("rename", file, Payroll + "/renamed.txt"),
            ["rename over"] = bob.Do("rename", loose, file),
            ["exchange"] = bob.Do("rename2", loose, file, "2"),
            ["unlink"] = bob.Do("unlink", file),
            ["hard link"] = bob.Do("link", file, fixture.Drive.Open + "/link.txt"),
            ["link into"] = bob.Do("link", loose, Payroll + "/in.txt"),
            ["create"] = bob.Do("write", Payroll + "/new.txt", "rw,create", "x", "0"),
            ["mkdir"] = bob.Do("mkdir", Payroll + "/dir"),
            ["symlink"] = bob.Do("symlink", "/etc/passwd", Payroll + "/sym"),
            ["mkfifo"] = bob.Do("mkfifo", Payroll + "/fifo"),
            ["mmap shared writable"] = bob.Do("mmapwrite", file, "x"),
            ["fallocate"] = bob.Do("fallocate", file, "0", "0", "4096"),
            ["setxattr"] = bob.Do("setxattr", file, "user.note", "x"),
            ["remove folder"] = bob.Do("rmdir", Payroll),
        };
        Assert.All(ways, way => Assert.True(way.Value is "EACCES" or "EPERM", $"{way.Key}: {way.Value}"));
        Assert.Equal("content", fixture.Alice.Read(file));
        Assert.Equal("loose", fixture.Bob.Read(loose));
    }

    [SkippableFact]
    public void Another_user_and_root_are_denied()
    {
        string file = Payroll + "/q3.txt";
        Assert.Equal("ok 6", fixture.Alice.Write(file, "secret"));
        Assert.Equal("ok 0", fixture.Alice.Do("chmod", file, "666"));
        foreach (Actor denied in new[] { fixture.Carol, fixture.Root })
        {
            Assert.Equal("EACCES", denied.Read(file));
            Assert.Equal("EACCES", denied.Do("open", file, "w"));
            Assert.Equal("EACCES", denied.Do("open", file, "rw,trunc"));
            Assert.Equal("EACCES", denied.Do("unlink", file));
            Assert.Equal("EACCES", denied.Do("truncate", file, "0"));
            Assert.Equal("EACCES", denied.Do("list", Payroll));
            Assert.Equal("EACCES", denied.Do("write", Payroll + "/x", "rw,create", "x", "0"));
        }

        Assert.Equal("secret", fixture.Alice.Read(file));
    }

    [SkippableFact]
    public void A_grant_and_a_revocation_are_followed_at_the_next_open()
    {
        string file = Payroll + "/q4.txt";
        Assert.Equal("ok 6", fixture.Alice.Write(file, "follow"));
        Assert.Equal("ok 0", fixture.Alice.Do("chmod", file, "666"));
        Assert.Equal("EACCES", fixture.Carol.Read(file));
        Programs.Done("user", "grant", fixture.Drive.Vault, "carol", "finance:secret", "--mode", "read-only");
        Assert.Equal("follow", fixture.Carol.Read(file));
        Assert.Equal("EACCES", fixture.Carol.Do("open", file, "w"));
        Programs.Done("user", "grant", fixture.Drive.Vault, "carol", "finance:secret");
        Assert.Equal("ok", fixture.Carol.Do("open", file, "w"));
        Programs.Done("user", "revoke", fixture.Drive.Vault, "carol", "finance:secret");
        Assert.Equal("EACCES", fixture.Carol.Read(file));
    }

    [SkippableFact]
    public void A_group_of_the_user_database_counts()
    {
        string file = Payroll + "/q5.txt";
        Assert.Equal("ok 5", fixture.Alice.Write(file, "group"));
        Assert.Equal("ok 0", fixture.Alice.Do("chmod", file, "666"));
        using var daemon = new Actor(1, 1);
        Assert.Equal("EACCES", daemon.Read(file));
        Programs.Done("group", "add", fixture.Drive.Vault, "daemons", "--gid", "1");
        Programs.Done("group", "grant", fixture.Drive.Vault, "daemons", "finance:secret", "--mode", "read-only");
        Assert.Equal("group", daemon.Read(file));
        Assert.Equal("EACCES", daemon.Do("open", file, "w"));
        using var pretender = new Actor(Drive.Carol, 1);
        Assert.Equal("EACCES", pretender.Read(file));
        Programs.Done("group", "revoke", fixture.Drive.Vault, "daemons", "finance:secret");
        Assert.Equal("EACCES", daemon.Read(file));
    }

    [SkippableFact]
    public void Copy_tools_that_keep_attributes_succeed_into_out_of_and_within_the_drive()
    {
        Require.Tool("setfattr");
        string file = Payroll + "/copied.txt";
        Assert.Equal("ok 1", fixture.Alice.Write(file, "x"));
        string outside = fixture.Drive.Folder + "/outside";
        System.IO.Directory.CreateDirectory(outside);
        System.IO.File.SetUnixFileMode(outside, (System.IO.UnixFileMode)0x1FF);
        string Copy(string command) => fixture.Alice.Run(command + " 2>&1; echo $?").TrimEnd();
        Assert.EndsWith("0", Copy($"cp --preserve=all '{file}' '{outside}/plain' && getfattr -d '{outside}/plain'"), System.StringComparison.Ordinal);
        Assert.EndsWith("1", Copy($"getfattr -n user.securevault.label '{outside}/plain' >/dev/null"), System.StringComparison.Ordinal);
        Assert.EndsWith("0", Copy($"setfattr -n user.securevault.label -v finance:secret '{outside}/plain' && cp --preserve=all '{outside}/plain' '{Payroll}/in'"), System.StringComparison.Ordinal);
        Assert.EndsWith("0", Copy($"cp --preserve=all '{file}' '{Payroll}/within' && mv '{outside}/plain' '{Payroll}/moved' && tar -C '{Payroll}' --xattrs -cf '{outside}/tar' copied.txt && tar -C '{Payroll}' --xattrs -xf '{outside}/tar'"), System.StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_label_is_shown_and_cannot_be_set_by_attribute()
    {
        string file = Payroll + "/q6.txt";
        Assert.Equal("ok 1", fixture.Alice.Write(file, "x"));
        Assert.Equal("ok " + System.Convert.ToBase64String("finance:secret"u8.ToArray()), fixture.Alice.Do("getxattr", file, "user.securevault.label"));
        Assert.NotEqual("ok 0", fixture.Alice.Do("setxattr", file, "user.securevault.label", "engineering:public"));
        Assert.Contains("finance:secret", Programs.Done("label", "show", fixture.Drive.Vault, "/Payroll/q6.txt"));
    }

    [SkippableFact]
    public void A_file_renamed_into_an_unlabelled_folder_keeps_its_label()
    {
        string file = Payroll + "/q7.txt";
        string moved = fixture.Drive.Open + "/q7.txt";
        Assert.Equal("ok 5", fixture.Alice.Write(file, "moved"));
        Assert.Equal("ok 0", fixture.Alice.Do("chmod", file, "666"));
        Assert.Equal("ok 0", fixture.Alice.Do("rename", file, moved));
        Assert.Equal("moved", fixture.Alice.Read(moved));
        Assert.Equal("EACCES", fixture.Carol.Read(moved));
        Assert.Equal("EACCES", fixture.Root.Read(moved));
    }

    [SkippableFact]
    public void Every_open_is_in_the_audit_log_allowed_or_denied()
    {
        string file = Payroll + "/q8.txt";
        Assert.Equal("ok 1", fixture.Alice.Write(file, "x"));
        Assert.Equal("ok 0", fixture.Alice.Do("chmod", file, "666"));
        fixture.Bob.Read(file);
        fixture.Carol.Read(file);
        string log = Programs.Done("audit", "show", fixture.Drive.Vault, "--path", "/Payroll/q8.txt", "--json");
        string[] lines = [.. log.Split('\n').Where(l => l.Contains("65003", System.StringComparison.Ordinal))];
        Assert.Contains("bob", log);
        Assert.Contains("finance:secret", log);
        Assert.NotEmpty(log);
        Assert.True(log.Contains("carol", System.StringComparison.Ordinal), log + lines.Length);
        Programs.Done("audit", "verify", fixture.Drive.Vault);
    }
}

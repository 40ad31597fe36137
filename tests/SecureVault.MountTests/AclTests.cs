using System;
using System.IO;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>A drive that offers access control lists.</summary>
public sealed class ListsFixture() : DriveFixture(ListsFixture.Setting)
{
    public const string Setting = "accessLists=true";
}

/// <summary>POSIX access control lists: as on the plain disk (the control), as real users, with the label above them all.</summary>
public sealed class AclTests(ListsFixture fixture) : IClassFixture<ListsFixture>
{
    private const uint Dan = 1002, Eve = 1003;

    public static TheoryData<bool> Places => [false, true];

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void A_list_lets_in_whom_it_names_and_nobody_else(bool onDrive)
    {
        string folder = Folder(onDrive);
        using var dan = new Actor(Dan);
        using var eve = new Actor(Eve);
        Shell($"cd '{folder}' && echo -n text > f && chmod 600 f");
        Assert.Equal(("EACCES", "EACCES"), (dan.Read(folder + "/f"), eve.Read(folder + "/f")));
        Shell($"setfacl -m u:{Dan}:r '{folder}/f'");
        Assert.Equal(("text", "EACCES"), (dan.Read(folder + "/f"), eve.Read(folder + "/f")));
        Assert.Equal("EACCES", dan.Do("append", folder + "/f", "x"));
        Assert.Equal("640\n", Shell($"stat -c %a '{folder}/f'"));
        Shell($"chmod 600 '{folder}/f'");
        Assert.Equal("EACCES", dan.Read(folder + "/f"));
        Shell($"chmod 660 '{folder}/f'");
        Assert.Equal($"user::rw-\nuser:{Dan}:r--\ngroup::---\nmask::rw-\nother::---\n\n", Shell($"getfacl -cn '{folder}/f'"));
        Assert.Equal("text", dan.Read(folder + "/f"));
        Shell($"setfacl -b '{folder}/f'");
        Assert.Equal("EACCES", dan.Read(folder + "/f"));
        Assert.NotEqual(0, Programs.Shell($"setpriv --reuid {Dan} --regid {Dan} --clear-groups setfacl -m u:{Dan}:r '{folder}/f'").ExitCode);
        Assert.NotEqual(0, Programs.Shell($"setfacl -d -m u:{Dan}:r '{folder}/f'").ExitCode);
    }

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void New_objects_inherit_the_folders_list_and_not_the_umask(bool onDrive)
    {
        string folder = Folder(onDrive);
        using var dan = new Actor(Dan);
        using var eve = new Actor(Eve);
        string lists = Shell($"cd '{folder}' && (umask 027; echo x > before; mkdir plain); setfacl -d -m u::rwx,g::-,o::-,u:{Dan}:rwx . && (umask 077; echo -n in > f; mkdir d; echo -n deep > d/g; mkfifo p) && getfacl -cn before plain f d d/g p && stat -c %a before plain f d d/g p");
        string none = "user::rw-\ngroup::r--\nother::---\n\nuser::rwx\ngroup::r-x\nother::---\n\n";
        string file = $"user::rw-\nuser:{Dan}:rwx\t#effective:rw-\ngroup::---\nmask::rw-\nother::---\n\n";
        string inner = $"user::rwx\nuser:{Dan}:rwx\ngroup::---\nmask::rwx\nother::---\ndefault:user::rwx\ndefault:user:{Dan}:rwx\ndefault:group::---\ndefault:mask::rwx\ndefault:other::---\n\n";
        Assert.StartsWith(none + file + inner + file, lists, StringComparison.Ordinal);
        Assert.Contains("640\n750\n660\n770\n660\n", lists, StringComparison.Ordinal);
        Assert.Equal(("in", "deep"), (dan.Read(folder + "/f"), dan.Read(folder + "/d/g")));
        Assert.Equal(("EACCES", "EACCES"), (eve.Read(folder + "/f"), eve.Read(folder + "/d/g")));
        Assert.Equal("ok 1", dan.Write(folder + "/d/dans", "x"));
        Assert.Equal("EACCES", eve.Write(folder + "/d/eves", "x"));
    }

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Copies_and_archives_carry_lists_along(bool onDrive)
    {
        Require.Tool("rsync");
        string folder = Folder(onDrive);
        Shell($"cd '{folder}' && mkdir -p a/d && echo x > a/f && echo y > a/d/g && mkfifo -m 640 a/p && setfacl -m u:{Dan}:rw a/f && setfacl -m g:77:rx,d:u:{Dan}:rwx a/d && cp -a a b && rsync -aAX a/ c/ && tar --acls -C a -cf t.tar . && mkdir e && tar --acls -C e -xf t.tar");
        string lists = Shell($"cd '{folder}/a' && getfacl -n . d d/g f p");
        foreach (string copy in new[] { "b", "c", "e" })
        {
            Assert.Equal(lists, Shell($"cd '{folder}/{copy}' && getfacl -n . d d/g f p"));
        }

        Assert.Equal(string.Empty, Shell($"setfacl -R -b '{folder}/b' && setfacl -R -k '{folder}/b' && getfacl -Rsn '{folder}/b'"));

        Assert.Contains($"user:{Dan}:rw-", lists, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void The_set_group_id_bit_stays_with_members_of_the_group_alone(bool onDrive)
    {
        string folder = Folder(onDrive);
        Shell($"cd '{folder}' && echo x > f && chown {Dan}:{Eve} f && chmod 2770 f");
        Shell($"setpriv --reuid {Dan} --regid {Dan} --groups {Eve} setfacl -m u:77:rwx '{folder}/f'");
        Assert.Equal("2770\n", Shell($"stat -c %a '{folder}/f'"));
        Shell($"setpriv --reuid {Dan} --regid {Dan} --clear-groups setfacl -m u:78:rwx '{folder}/f'");
        Assert.Equal("770\n", Shell($"stat -c %a '{folder}/f'"));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_work_of_several_users_is_answered_as_on_the_plain_disk(int seed)
    {
        Require.Tool("python3");
        string script = Path.Combine(Programs.Repository, "tests/scripts/posix/lists.py");
        Assert.Equal(Shell($"python3 '{script}' '{Folder(onDrive: false)}' {seed}"), Shell($"python3 '{script}' '{Folder(onDrive: true)}' {seed}"));
    }

    [SkippableFact]
    public void The_label_decides_above_every_list_and_a_list_is_changed_by_who_may_write()
    {
        Require.Mounts();
        Require.Tool("setfacl");
        string file = fixture.Drive.Payroll + "/listed.txt";
        Assert.Equal("ok 6", fixture.Alice.Write(file, "secret"));
        fixture.Alice.Run($"chmod 600 '{file}' && setfacl -m u:{Drive.Bob}:rw,u:{Drive.Carol}:rw '{file}'");
        Assert.Equal("secret", fixture.Bob.Read(file));
        Assert.Equal("EACCES", fixture.Bob.Do("append", file, "x"));
        Assert.Equal("EACCES", fixture.Carol.Read(file));
        Assert.NotEqual(0, Programs.Shell($"setfacl -m u:{Drive.Carol}:r '{file}'").ExitCode); // root, whom the policy gives nothing
        Assert.Contains("access control list", Programs.Done("audit", "show", fixture.Drive.Vault, "--denied", "--path", "/Payroll/listed.txt"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Lists_outlive_the_mount_and_are_authentic()
    {
        Require.Mounts();
        Require.Tool("setfacl");
        using var drive = new Drive(people: false, settings: ListsFixture.Setting);
        using var dan = new Actor(Dan);
        Shell($"cd '{drive.Open}' && echo -n text > f && chmod 600 f && setfacl -m u:{Dan}:r f && setfacl -d -m u:{Dan}:rx .");
        string lists = Shell($"cd '{drive.Open}' && getfacl -cn f .");
        drive.Settle();
        Assert.Equal(lists, Shell($"cd '{drive.Open}' && getfacl -cn f ."));
        Assert.Equal("text", dan.Read(drive.Open + "/f"));
        drive.Unmount();
        Assert.Contains("All is authentic", Programs.Done("verify", drive.Vault), StringComparison.Ordinal);
        Assert.DoesNotContain("posix_acl", Shell($"getfattr -R -d -m - '{drive.Vault}/root' 2>/dev/null"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Without_the_setting_none_are_offered_and_the_mode_alone_counts()
    {
        Require.Mounts();
        Require.Tool("setfacl");
        using var drive = new Drive(people: false);
        using var dan = new Actor(Dan);
        string set = $"setfacl -m u:{Dan}:r '{drive.Open}/f'";
        Shell($"cd '{drive.Open}' && umask 027 && echo -n text > f");
        Assert.NotEqual(0, Programs.Shell(set).ExitCode);
        drive.Unmount();
        Programs.Done("mount", drive.Vault, drive.MountPoint, "--set", ListsFixture.Setting);
        Shell(set);
        Assert.Equal("text", dan.Read(drive.Open + "/f"));
        drive.Settle();
        Assert.Equal("EACCES", dan.Read(drive.Open + "/f"));
        Assert.Equal("user::rw-\ngroup::r--\nother::---\n\n", Shell($"getfacl -cn '{drive.Open}/f'"));
        Shell($"cp -a '{drive.Open}/f' '{drive.Open}/g'");
        Assert.Equal(string.Empty, Shell($"getfattr -d -m - '{drive.Open}/f' 2>&1"));
    }

    private static string Shell(string command)
    {
        Ended ended = Programs.Shell(command);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return ended.Output;
    }

    private string Folder(bool onDrive)
    {
        Require.Mounts();
        Require.Tool("setfacl");
        string folder = (onDrive ? fixture.Drive.Open : fixture.Drive.Folder) + "/" + Path.GetRandomFileName();
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ED);
        return folder;
    }
}

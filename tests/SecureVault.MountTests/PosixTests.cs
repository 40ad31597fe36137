using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>What POSIX programs expect of a folder: the same cases on the plain disk (the control, which tests the tests) and on the drive.</summary>
public sealed class PosixTests(DriveFixture fixture) : IClassFixture<DriveFixture>
{
    public static TheoryData<bool> Places => [false, true];

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Names_of_255_bytes_and_of_any_bytes_work_and_256_are_too_long(bool onDrive) => In(onDrive, (folder, a) =>
    {
        string[] names = [new('n', 255), string.Concat(Enumerable.Repeat("名", 85)), "空 白", "trailing ", "-dash", "quote\"'", "new\nline", "\u00e9\u00ff\u0080".Replace("é", "\u00e9", StringComparison.Ordinal)];
        foreach (string name in names)
        {
            Assert.Equal("ok 1", a.Write(folder + "/" + name, "x"));
            Assert.Equal("x", a.Read(folder + "/" + name));
        }

        Assert.Equal("ok 1", a.DoBytes("write", folder + "/\u00ff\u00fe\u0080", "rw,create", "y", "0"));
        Assert.StartsWith("ok ", a.DoBytes("read", folder + "/\u00ff\u00fe\u0080", "0", "10"), StringComparison.Ordinal);
        Assert.Equal("ENAMETOOLONG", a.Write(folder + "/" + new string('n', 256), "x"));
        Assert.Equal("ENAMETOOLONG", a.Do("mkdir", folder + "/" + new string('n', 256)));
        Assert.Equal(names.Length + 1, Count(a, folder));
        foreach (string name in names)
        {
            Assert.Equal("ok 0", a.Do("rename", folder + "/" + name, folder + "/r" + name[1..]));
            Assert.Equal("ok 0", a.Do("unlink", folder + "/r" + name[1..]));
        }

        Assert.Equal("ok 0", a.DoBytes("unlink", folder + "/\u00ff\u00fe\u0080"));
    });

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Rename_replaces_refuses_and_exchanges_as_asked(bool onDrive) => In(onDrive, (folder, a) =>
    {
        a.Write(folder + "/a", "A");
        a.Write(folder + "/b", "B");
        Assert.Equal("EEXIST", a.Do("rename2", folder + "/a", folder + "/b", "1"));
        Assert.Equal("ok 0", a.Do("rename2", folder + "/a", folder + "/b", "2"));
        Assert.Equal("B", a.Read(folder + "/a"));
        Assert.Equal("A", a.Read(folder + "/b"));
        Assert.Equal("ok 0", a.Do("rename", folder + "/a", folder + "/b"));
        Assert.Equal("B", a.Read(folder + "/b"));
        Assert.Equal("ENOENT", a.Read(folder + "/a"));
        a.Do("mkdir", folder + "/d");
        a.Do("mkdir", folder + "/e");
        a.Write(folder + "/e/full", "x");
        Assert.Equal("ENOTEMPTY", a.Do("rename", folder + "/d", folder + "/e"));
        Assert.Equal("EISDIR", a.Do("rename", folder + "/b", folder + "/d"));
        Assert.Equal("ENOTDIR", a.Do("rename", folder + "/d", folder + "/b"));
        Assert.Equal("EINVAL", a.Do("rename", folder + "/e", folder + "/e/inside"));
        Assert.Equal("ok 0", a.Do("rename", folder + "/e", folder + "/d"));
        Assert.Equal("x", a.Read(folder + "/d/full"));
        Assert.Equal("EINVAL", a.Do("rename2", folder + "/b", folder + "/z", "8"));
    });

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Links_of_both_kinds_work(bool onDrive) => In(onDrive, (folder, a) =>
    {
        a.Write(folder + "/file", "one");
        Assert.Equal("ok 0", a.Do("link", folder + "/file", folder + "/hard"));
        Assert.Equal("ok 3", a.Do("append", folder + "/hard", "two"));
        Assert.Equal("onetwo", a.Read(folder + "/file"));
        Assert.Equal("ok 0", a.Do("unlink", folder + "/file"));
        Assert.Equal("onetwo", a.Read(folder + "/hard"));
        Assert.Equal("ok 0", a.Do("symlink", "hard", folder + "/soft"));
        Assert.Equal("onetwo", a.Read(folder + "/soft"));
        string target = "/" + new string('t', 2999);
        Assert.Equal("ok 0", a.Do("symlink", target, folder + "/far"));
        Assert.Equal("ok " + Convert.ToBase64String(Encoding.UTF8.GetBytes(target)), a.Do("readlink", folder + "/far"));
        a.Run($"test $(stat -c %s '{folder}/far') = 3000 && test $(stat -c %h '{folder}/hard') = 1");
    });

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void A_file_unlinked_while_open_lives_until_it_is_closed(bool onDrive) => In(onDrive, (folder, a) =>
        a.Run($"cd '{folder}' && echo content > f && exec 3<>f && rm f && test ! -e f && echo more >&3 && cat <&3; exec 3>&-; test $(ls -A | wc -l) = 0"));

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Modes_times_and_owners_are_kept(bool onDrive) => In(onDrive, (folder, a) =>
        a.Run($"cd '{folder}' && umask 027 && echo x > f && test $(stat -c %a f) = 640 && chmod 4711 f && test $(stat -c %a f) = 4711 && touch -d '2001-02-03 04:05:06.123456789 UTC' f && " +
            "test \"$(stat -c %y f | cut -c1-29)\" = \"$(TZ=UTC date -d '2001-02-03 04:05:06.123456789 UTC' '+%Y-%m-%d %H:%M:%S.%N')\" && mkdir d && chmod 2750 d && test $(stat -c %a d) = 2750 && touch d/in && test $(stat -c %u:%g f) = 65001:65001"));

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void A_file_left_alone_keeps_its_times_and_a_new_mode_moves_one_of_them(bool onDrive) => In(onDrive, (folder, a) =>
    {
        string made = AfterCommit("echo one > f && echo two >> f");
        Assert.Equal(made, Times("cat f > /dev/null"));
        string written = AfterCommit("printf T | dd of=f conv=notrunc,fsync status=none");
        Assert.NotEqual(made, written);
        string modified = a.Run($"stat -c %y '{folder}/f'");
        Assert.NotEqual(written, Times("chmod 600 f"));
        Assert.Equal(modified, a.Run($"stat -c %y '{folder}/f'"));

        string Times(string change) => a.Run($"cd '{folder}' && {change} && stat --cached=never -c '%y %z' f");

        string AfterCommit(string change)
        {
            string times = Times(change);
            FileClock.Tick();
            if (onDrive)
            {
                fixture.Drive.AwaitCommit();
            }

            Assert.Equal(times, Times("true"));
            return times;
        }
    });

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Sparse_files_holes_and_seeking(bool onDrive) => In(onDrive, (folder, a) =>
    {
        string file = folder + "/sparse";
        Assert.Equal("ok 4", a.Do("write", file, "rw,create", "head", "0"));
        Assert.Equal("ok 4", a.Do("write", file, "rw", "tail", "5000000000"));
        Assert.Equal("ok 5000000004", a.Do("stat", file));
        Assert.Equal("ok 0", a.Do("seek", file, "0", "data"));
        Assert.Equal("ok 4096", a.Do("seek", file, "1", "hole"));
        Assert.StartsWith("ok 4999", a.Do("seek", file, "4096", "data"), StringComparison.Ordinal);
        Assert.Equal("ENXIO", a.Do("seek", file, "5000000004", "data"));
        Assert.Equal("tail", a.Read(file, 5_000_000_000, 10));
        Assert.Equal("\0\0\0", a.Read(file, 100, 3));
        Assert.Equal("ok 0", a.Do("fallocate", file, "3", "0", "4096"));
        Assert.Equal("\0\0\0\0", a.Read(file, 0, 4));
        Assert.Equal("ok 0", a.Do("truncate", file, "3"));
        Assert.Equal("\0\0\0", a.Read(file));
        Assert.Equal("ok 0", a.Do("fallocate", file, "0", "0", "10000"));
        Assert.Equal("ok 10000", a.Do("stat", file));
        Assert.Equal(new string('\0', 10000), a.Read(file));
    });

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Shared_writable_mappings_reach_the_file(bool onDrive) => In(onDrive, (folder, a) =>
    {
        Assert.Equal("ok 10000", a.Write(folder + "/mapped", new string('a', 10000)));
        Assert.Equal("ok", a.Do("mmapwrite", folder + "/mapped", new string('b', 5000)));
        Assert.Equal(new string('b', 5000) + new string('a', 5000), a.Read(folder + "/mapped"));
    });

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Direct_io_and_exclusive_create_and_no_empty_folder_removal(bool onDrive) => In(onDrive, (folder, a) =>
    {
        a.Run($"cd '{folder}' && dd if=/dev/zero of=direct bs=64k count=8 oflag=direct 2>/dev/null && dd if=direct bs=64k iflag=direct 2>/dev/null | cmp - direct");
        Assert.Equal("EEXIST", a.Do("open", folder + "/direct", "w,create,excl"));
        a.Do("mkdir", folder + "/d");
        a.Write(folder + "/d/f", "x");
        Assert.Equal("ENOTEMPTY", a.Do("rmdir", folder + "/d"));
        Assert.Equal("ENOTDIR", a.Do("rmdir", folder + "/direct"));
        Assert.Equal("EISDIR", a.Do("unlink", folder + "/d"));
        Assert.Equal("ok 0", a.Do("unlink", folder + "/d/f"));
        Assert.Equal("ok 0", a.Do("rmdir", folder + "/d"));
    });

    [SkippableFact]
    public void Extended_attributes_of_the_user_are_kept_and_encrypted()
    {
        string file = fixture.Drive.Payroll + "/x-" + Guid.NewGuid().ToString("N");
        string stored = fixture.Drive.StoredFilesMadeBy(() => fixture.Alice.Write(file, "x")).Single();
        Assert.Equal("ok 0", fixture.Alice.Do("setxattr", file, "user.colour", "ultramarine"));
        Assert.Equal("ok " + Convert.ToBase64String("ultramarine"u8.ToArray()), fixture.Alice.Do("getxattr", file, "user.colour"));
        Assert.Equal("ENODATA", fixture.Alice.Do("getxattr", file, "user.other"));
        string dump = Programs.Shell($"getfattr -d -m - '{stored}'").Output;
        Assert.DoesNotContain("ultramarine", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("colour", dump, StringComparison.Ordinal);
        Assert.Equal("ok 0", fixture.Alice.Do("removexattr", file, "user.colour"));
        Assert.Equal("EINVAL", fixture.Alice.Do("setxattr", file, "user.", "x"));
        Assert.Equal("ENOSPC", fixture.Alice.Do("setxattr", file, "user.large", new string('x', 65536)));
        Assert.Equal("EOPNOTSUPP", fixture.Alice.Do("setxattr", file, "trusted.x", "y") is var answer && answer is "EOPNOTSUPP" or "EPERM" ? "EOPNOTSUPP" : answer);
    }

    [SkippableFact]
    public void A_folder_of_ten_thousand_names_lists_each_once()
    {
        string folder = fixture.Drive.Open + "/many-" + Guid.NewGuid().ToString("N");
        fixture.Alice.Run($"mkdir '{folder}' && cd '{folder}' && seq 1 10000 | xargs touch && test $(ls -f | sort -u | wc -l) = 10002 && test $(find . -type f | wc -l) = 10000 && rm -r '{folder}'");
    }

    private static int Count(Actor actor, string folder) => Encoding.UTF8.GetString(Convert.FromBase64String(actor.Do("list", folder)[3..])).Split('/').Length;

    private void In(bool onDrive, Action<string, Actor> test)
    {
        Require.Mounts();
        string parent = onDrive ? fixture.Drive.Payroll : fixture.Drive.Folder + "/control";
        if (!onDrive)
        {
            Directory.CreateDirectory(parent);
            File.SetUnixFileMode(parent, (UnixFileMode)0x1FF);
        }

        string folder = parent + "/t-" + Guid.NewGuid().ToString("N");
        Assert.Equal("ok 0", fixture.Alice.Do("mkdir", folder));
        test(folder, fixture.Alice);
    }
}

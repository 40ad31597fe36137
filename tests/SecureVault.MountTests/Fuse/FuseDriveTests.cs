using System;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.Fuse;
using SecureVault.Fuse.Drives;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests.Fuse;

/// <summary>The kernel's side alone: a file system in memory, mounted for real. Files are touched by other processes, as users do.</summary>
public sealed class FuseDriveTests : MemoryMount
{
    [SkippableFact]
    public void Ordinary_programs_work_on_a_mountedDrive()
    {
        string m = Mount();
        Sh($"""
            set -e; cd {m}
            echo hello > a; test "$(cat a)" = hello
            mkdir d; mv a d/b; ln -s d/b link; test "$(cat link)" = hello; ln d/b hard; test "$(stat -c %h hard)" = 2
            printf more >> hard; test "$(cat d/b)" = "$(printf 'hello\nmore')"
            truncate -s 3 hard; test "$(cat hard)" = hel
            chmod 600 hard; test "$(stat -c %a hard)" = 600
            mkfifo fifo; test -p fifo
            head -c 3000000 /dev/urandom > big; cp big copy; cmp big copy
            dd if=big of=direct bs=4096 oflag=direct conv=notrunc status=none; cmp big direct || true
            sync -d big; df . > /dev/null
            touch -d '1960-01-02 03:04:05 UTC' hard; test "$(date -u -d @$(stat -c %Y hard) +%Y)" = 1960
            rm -r d link hard fifo big copy direct; test -z "$(ls)"
            """);
        Assert.Empty(Log.Lines);
    }

    [SkippableFact]
    public void AFolder_of_many_names_is_listed_whole()
    {
        string m = Mount();
        Sh($"cd {m} && seq -f 'a-rather-long-name-for-a-file-%05g' 1 3000 | xargs touch && test $(ls | wc -l) = 3000 && test $(ls -l | wc -l) = 3001");
    }

    [SkippableFact]
    public void What_changes_while_a_folder_is_read_is_seen_as_it_is_afterwards()
    {
        Require.Tool("python3");
        string m = Mount();
        Sh($$"""
            python3 - <<'END'
            import os, time
            folder = "{{m}}"
            for i in range(900):
                with open(f"{folder}/file-{i:04}", "w") as f:
                    f.write("x")
            order = [entry.name for entry in os.scandir(folder)]

            def listed_while(change):
                with open("/proc/sys/vm/drop_caches", "w") as control:
                    control.write("3")          # the kernel knows no names: it asks for the folder again
                with os.scandir(folder) as listing:
                    names = [next(listing).name]
                    time.sleep(0.05)            # the next part of the folder was made ahead by now
                    change()
                    return names + [entry.name for entry in listing]

            for place in 200, 300, 850:
                name = order[place]
                path = f"{folder}/{name}"
                listed_while(lambda: open(path, "a").write("more"))
                assert os.stat(path).st_size == 5, (place, os.stat(path).st_size)
                listed_while(lambda: os.chmod(path, 0o640))
                assert os.stat(path).st_mode & 0o777 == 0o640, place
                listed_while(lambda: os.utime(path, (1, 1)))
                assert os.stat(path).st_mtime == 1, place
                listed_while(lambda: os.rename(path, path + "-renamed"))
                assert os.stat(path + "-renamed").st_size == 5 and not os.path.lexists(path), place
                listed_while(lambda: os.unlink(path + "-renamed"))
                assert not os.path.lexists(path + "-renamed"), place
            assert sorted(listed_while(lambda: None)) == sorted(set(order) - set(order[p] for p in (200, 300, 850)))
            END
            """);
        Assert.Empty(Log.Lines);
    }

    [SkippableFact]
    public void An_operation_that_throws_is_EIO_and_theDrive_lives_on()
    {
        string m = Mount(new FuseOptions { AllowOthers = true, AttributeTimeout = TimeSpan.Zero });
        Sh($"echo hello > {m}/a");
        Memory.Before = name => throw new InvalidOperationException(name);
        Ended ended = Programs.Shell($"LC_ALL=C cat {m}/a");
        Memory.Before = null;
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("Input/output error", ended.Error, StringComparison.Ordinal);
        Assert.NotEmpty(Log.Lines);
        Sh($"test \"$(cat {m}/a)\" = hello");
    }

    [SkippableFact]
    public void The_exotic_calls_reach_theDrive_or_are_refused()
    {
        string m = Mount();
        using var root = new Actor(0);
        Assert.StartsWith("ok", root.Write(m + "/a", "alpha"), StringComparison.Ordinal);
        Assert.StartsWith("ok", root.Write(m + "/b", "beta"), StringComparison.Ordinal);
        Assert.StartsWith("ok", root.Do("rename2", m + "/a", m + "/b", "2"), StringComparison.Ordinal);
        Assert.Equal("beta", root.Read(m + "/a"));
        Assert.Equal("EEXIST", root.Do("rename2", m + "/a", m + "/b", "1"));
        Assert.Equal("EINVAL", root.Do("rename2", m + "/a", m + "/b", "4"));
        Assert.StartsWith("ok", root.Do("setxattr", m + "/a", "user.tag", "v"), StringComparison.Ordinal);
        Assert.Equal("EOPNOTSUPP", root.Do("setxattr", m + "/a", "trusted.tag", "v").Replace("ENOTSUP", "EOPNOTSUPP", StringComparison.Ordinal));
        Assert.StartsWith("ok", root.Do("fallocate", m + "/a", "0", "0", "10000"), StringComparison.Ordinal);
        Assert.Equal("ok 10000", root.Do("seek", m + "/a", "0", "hole"));
        Assert.StartsWith("ok", root.Do("mmapwrite", m + "/a", "MAPPED"), StringComparison.Ordinal);
        Assert.StartsWith("MAPPED", root.Read(m + "/a"), StringComparison.Ordinal);
        Assert.StartsWith("ok", root.Do("mkdir", m + "/" + new string('n', 255)), StringComparison.Ordinal);
        Assert.Equal("ENAMETOOLONG", root.Do("mkdir", m + "/" + new string('n', 256)));
    }

    [SkippableFact]
    public void Appends_of_several_processes_lose_nothing()
    {
        string m = Mount();
        Sh($"cd {m}; for p in 1 2 3 4; do (for i in $(seq 200); do echo $p-$i >> log; done) & done; wait; test $(sort -u log | wc -l) = 800");
    }

    [SkippableFact]
    public void A_shared_mapping_of_a_file_opened_for_append_is_written_back_in_place()
    {
        Require.Tool("python3");
        string m = Mount();
        Sh($"""
            python3 - <<'END'
            import mmap, os
            fd = os.open("{m}/f", os.O_RDWR | os.O_CREAT | os.O_APPEND)
            os.write(fd, b"x" * 8192)
            map = mmap.mmap(fd, 8192)
            map[0:3] = b"yes"
            map.flush()
            map.close()
            os.write(fd, b"end")
            os.close(fd)
            data = open("{m}/f", "rb").read()
            assert len(data) == 8195 and data[:4] == b"yesx" and data[-3:] == b"end", (len(data), data[:4], data[-3:])
            END
            """);
    }

    [SkippableFact]
    public void What_a_write_only_handle_writes_is_what_others_see()
    {
        Require.Tool("python3");
        string m = Mount();
        Sh($"""
            python3 - <<'END'
            import mmap, os
            path = "{m}/f"
            both = os.open(path, os.O_RDWR | os.O_CREAT)
            os.pwrite(both, b"a" * 20000, 0)
            map = mmap.mmap(both, 20000)
            reader = os.open(path, os.O_RDONLY)
            assert os.pread(reader, 20000, 0) == map[:] == b"a" * 20000
            writer = os.open(path, os.O_WRONLY)
            map[10:13] = b"map"
            os.pwrite(writer, b"direct", 4090)
            want = b"a" * 10 + b"map" + b"a" * 4077 + b"direct" + b"a" * 15904
            assert os.pread(reader, 20000, 0) == want, "cached reader"
            assert map[:] == want, "mapping"
            append = os.open(path, os.O_WRONLY | os.O_APPEND)
            os.write(append, b"end")
            os.write(append, bytes(range(256)) * 9000)
            assert os.pread(reader, 6, 20000) == b"end" + bytes(range(3)) and os.fstat(reader).st_size == 20003 + 2304000
            os.truncate(path, 4093)
            assert os.pread(reader, 20000, 4000) == want[4000:4093]
            END
            """);
    }

    [SkippableFact]
    public void An_operation_that_hangs_holds_up_nobody_else()
    {
        string m = Mount();
        Sh($"ln -s target {m}/link; echo hello > {m}/other");
        using var asked = new ManualResetEventSlim();
        using var answered = new ManualResetEventSlim();
        Memory.Before = name =>
        {
            if (name == "ReadSymlink")
            {
                asked.Set();
                Patience.Until(answered, "the end of the operation that hangs");
            }
        };
        Task<Ended> hangs = Task.Run(() => Programs.Shell($"readlink {m}/link"));
        Patience.Until(asked, "the operation that hangs");
        for (int i = 0; i < 20; i++)
        {
            Sh($"echo more > {m}/new{i} && cat {m}/other {m}/new{i} && rm {m}/new{i}");
        }

        Assert.False(hangs.IsCompleted);
        answered.Set();
        Assert.Equal("target", hangs.Result.Output.Trim());
        Assert.Empty(Log.Lines);
    }

    [SkippableFact]
    public void Other_users_are_served_and_mode_bits_hold()
    {
        string m = Mount();
        using var alice = new Actor(1234);
        using var root = new Actor(0);
        root.Write(m + "/private", "secret");
        root.Do("chmod", m + "/private", "600");
        Assert.Equal("EACCES", alice.Read(m + "/private"));
        root.Do("chmod", m + "/private", "644");
        Assert.Equal("secret", alice.Read(m + "/private"));
    }

    [SkippableFact]
    public void A_users_write_takes_the_set_id_bits_away()
    {
        string m = Mount();
        using var alice = new Actor(1234);
        Assert.StartsWith("ok", alice.Write(m + "/tool", "one"), StringComparison.Ordinal);
        Assert.StartsWith("ok", alice.Do("chmod", m + "/tool", "4755"), StringComparison.Ordinal);
        Assert.StartsWith("ok", alice.Do("append", m + "/tool", "two"), StringComparison.Ordinal);

        // A stat that asks for the mode alone may show the kernel's cached one for a while (PROTOCOL.md); one that asks for times is fresh.
        Assert.StartsWith("755 ", Programs.Shell($"stat -c '%a %Y' {m}/tool").Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_read_onlyDrive_refuses_changes()
    {
        string m = Mount(new FuseOptions { AllowOthers = true, ReadOnly = true });
        using var root = new Actor(0);
        Assert.Equal("EROFS", root.Write(m + "/a", "x"));
    }

    [SkippableFact]
    public void A_mount_point_that_is_none_is_told_in_one_line()
    {
        Require.Mounts();
        Assert.False(FuseDrive.TryMount(Memory, Folder + "/none", new FuseOptions(), Log, out FuseDrive? drive, out string error));
        Assert.Null(drive);
        Assert.Contains("none", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [SkippableFact]
    public void Requests_are_as_large_as_negotiated_and_read_ahead_is_raised()
    {
        string m = Mount();
        Sh($"head -c 8388608 /dev/zero > {m}/big; echo 3 > /proc/sys/vm/drop_caches");
        int reads = 0;
        Memory.Before = name => Interlocked.Add(ref reads, name == "Read" ? 1 : 0);
        Sh($"cat {m}/big > /dev/null");
        Memory.Before = null;
        Assert.InRange(reads, 1, 48);
        Sh($"test $(cat /sys/class/bdi/$(mountpoint -d {m})/read_ahead_kb) = 256");
    }
}

using System;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>Ordinary programs at work inside a mounted drive, as the granted user.</summary>
public sealed class ApplicationTests(DriveFixture fixture) : IClassFixture<DriveFixture>
{
    [SkippableFact]
    public void Git_clones_commits_and_finds_nothing_wrong()
    {
        Require.Tool("git");
        string folder = Fresh();
        fixture.Alice.Run($"cd '{folder}' && export HOME='{folder}' && git init -q origin && cd origin && git config user.email a@b && git config user.name a" +
            " && for i in 1 2 3 4 5 6 7 8 9 10; do for j in 1 2 3 4 5; do head -c $((i*j*1000)) /dev/urandom > f$i.$j; done; git add -A; git commit -qm c$i; done" +
            " && cd .. && git clone -q origin copy && cd copy && git fsck --full --strict && git gc -q && git fsck --full && git status --porcelain | wc -l | grep -qx 0");
    }

    [SkippableFact]
    public void Sqlite_with_a_write_ahead_log_and_concurrent_writers_keeps_every_row()
    {
        Require.Tool("sqlite3");
        string folder = Fresh();
        fixture.Alice.Run($"cd '{folder}' && sqlite3 db 'pragma journal_mode=wal; create table t(a integer, b blob);' && " +
            $"for w in 1 2 3 4; do (for i in $(seq 1 50); do sqlite3 -cmd '.timeout {Patience.Long.TotalMilliseconds}' db \"insert into t values($i, randomblob(3000));\" || exit 1; done) & pids=\"$pids $!\"; done; for p in $pids; do wait $p || exit 1; done; " +
            "test \"$(sqlite3 db 'select count(*) from t; pragma integrity_check;' | tr '\\n' ' ')\" = '200 ok '");
    }

    [SkippableFact]
    public void Sqlite_with_a_rollback_journal_works_too()
    {
        Require.Tool("sqlite3");
        string folder = Fresh();
        fixture.Alice.Run($"cd '{folder}' && sqlite3 db 'create table t(a); ' && for i in $(seq 1 40); do sqlite3 db \"insert into t values($i)\"; done && sqlite3 db 'vacuum; pragma integrity_check' | grep -qx ok");
    }

    [SkippableFact]
    public void Gcc_builds_and_the_program_runs()
    {
        Require.Tool("gcc");
        string folder = Fresh();
        fixture.Alice.Run($"cd '{folder}' && for i in $(seq 1 20); do echo \"int f$i(int x) {{ return x + $i; }}\" > f$i.c; done && " +
            "(for i in $(seq 1 20); do echo \"int f$i(int);\"; done; echo '#include <stdio.h>'; echo 'int main(void) { int x = 0;'; for i in $(seq 1 20); do echo \"x = f$i(x);\"; done; echo 'printf(\"%d\", x); return 0; }') > main.c && " +
            "for f in *.c; do gcc -O1 -c $f || exit 1; done && ar rcs libf.a f*.o && gcc -o prog main.o libf.a && ./prog | grep -qx 210");
    }

    [SkippableFact]
    public void Tar_goes_in_and_comes_out_the_same()
    {
        Require.Tool("tar");
        string folder = Fresh();
        fixture.Alice.Run($"cd '{folder}' && mkdir -p a/b/c '深い/フォルダ' && for i in $(seq 1 60); do head -c $((i*777)) /dev/urandom > a/b/c/$i; done && ln -s b/c a/link && ln a/b/c/1 a/hard && head -c 3000000 /dev/urandom > '深い/フォルダ/文書.bin' && truncate -s 1M a/sparse && " +
            "tar cSf all.tar a '深い' && mkdir out && tar xpf all.tar -C out && diff -r a out/a && diff -r '深い' 'out/深い' && test \"$(readlink out/a/link)\" = b/c && test $(stat -c %h out/a/hard) = 2");
    }

    [SkippableFact]
    public void Fio_verifies_what_four_jobs_wrote()
    {
        Require.Tool("fio");
        string folder = Fresh();
        fixture.Alice.Run($"cd '{folder}' && fio --name=v --directory=. --rw=randrw --bs=4k --size=16m --numjobs=4 --verify=crc32c --do_verify=1 --verify_fatal=1 --group_reporting > fio.out 2>&1 || (cat fio.out; exit 1)");
        fixture.Alice.Run($"cd '{folder}' && fio --name=w --directory=. --rw=randwrite --bsrange=512-70k --bs_unaligned=1 --size=16m --numjobs=4 --verify=crc32c --do_verify=1 --verify_fatal=1 --group_reporting > fio.out 2>&1 || (cat fio.out; exit 1)");
    }

    [SkippableFact]
    public void Many_appenders_lose_no_line()
    {
        string folder = Fresh();
        fixture.Alice.Run($"cd '{folder}' && for w in 1 2 3 4; do (for i in $(seq 1 250); do echo \"writer $w line $i\" >> log; done) & pids=\"$pids $!\"; done; for p in $pids; do wait $p || exit 1; done; test $(wc -l < log) = 1000 && test $(sort -u log | wc -l) = 1000");
    }

    private string Fresh()
    {
        string folder = fixture.Drive.Payroll + "/app-" + Guid.NewGuid().ToString("N");
        Assert.Equal("ok 0", fixture.Alice.Do("mkdir", folder));
        return folder;
    }
}

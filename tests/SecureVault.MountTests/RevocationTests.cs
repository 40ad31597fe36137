using System;
using System.Diagnostics;
using System.Globalization;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.MountTests;

/// <summary>A right that is withdrawn while a file is open: reads and writes fail, pages go, mappings fault, and nobody else's reading gives it back.</summary>
public sealed class RevocationTests(ITestOutputHelper output)
{
    /// <summary>Reads commands from standard input, a line each, and answers each with a line: the bytes in hexadecimal, or the error's name.</summary>
    private const string Reader = """
        import os, sys, mmap, errno, signal
        f = os.open(sys.argv[1], os.O_RDONLY)
        size = os.fstat(f).st_size
        maps = {}
        def touch(kind):
            flags = mmap.MAP_SHARED if kind == 'shared' else mmap.MAP_PRIVATE
            if kind not in maps: maps[kind] = mmap.mmap(f, size, flags, mmap.PROT_READ)
            r, w = os.pipe()
            child = os.fork()
            if child == 0:
                os.write(w, maps[kind][:4]); os._exit(0)
            os.close(w)
            got = os.read(r, 4)
            status = os.waitpid(child, 0)[1]
            return 'SIGBUS' if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGBUS else got.hex()
        print('ready', flush=True)
        for line in sys.stdin:
            try:
                print(os.pread(f, 4, 0).hex() if line.strip() == 'read' else touch(line.strip()), flush=True)
            except OSError as e:
                print(errno.errorcode[e.errno], flush=True)
        """;

    /// <summary>Fills the file with the letter of each line, by write(2) through one descriptor for both, and answers "ok" or the error's name.</summary>
    private const string Writer = """
        import os, sys, errno
        f = os.open(sys.argv[1], os.O_RDWR)
        size = os.fstat(f).st_size
        os.pread(f, size, 0)
        print('ready', flush=True)
        for line in sys.stdin:
            try:
                os.pwrite(f, line.strip().encode() * size, 0)
                print('ok', flush=True)
            except OSError as e:
                print(errno.errorcode[e.errno], flush=True)
        """;

    [SkippableTheory]
    [InlineData("sum(m[i] for i in range(0, len(m), 4096))", "135")]
    [InlineData("[os.pread(f, 1 << 20, o) for o in range(0, size, 1 << 20)]", "1")]
    public void Who_reads_a_long_file_over_and_over_is_stopped(string pass, string exit)
    {
        Require.Mounts();
        Require.Tool("python3");
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string file = drive.Payroll + "/long";
        alice.Run($"head -c {64 << 20} /dev/urandom > {file}");
        string script = $"import os, sys, mmap\nf = os.open('{file}', os.O_RDONLY)\nsize = os.fstat(f).st_size\nm = mmap.mmap(f, size, mmap.MAP_SHARED, mmap.PROT_READ)\n{pass}\nprint('ready', flush=True)\nwhile True: {pass}\n";
        using Process reader = As(Drive.Alice, script, file);
        Assert.Equal("ready", reader.StandardOutput.ReadLine());
        Programs.Done("user", "revoke", drive.Vault, "alice", "finance:secret");
        var since = Stopwatch.StartNew();
        Assert.True(reader.WaitForExit(Patience.OfWork), "the reader still reads");
        output.WriteLine($"stopped {since.ElapsedMilliseconds} ms after the command's end");
        Assert.Equal(exit, reader.ExitCode.ToString(CultureInfo.InvariantCulture));
        Assert.Contains("revoked while open", Programs.Done("audit", "show", drive.Vault, "--user", "alice", "--denied"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Not_a_byte_that_others_read_afterwards_comes_back_by_an_old_handle_or_mapping()
    {
        Require.Mounts();
        Require.Tool("python3");
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string file = drive.Payroll + "/q3";
        Assert.Equal("ok 8", alice.Write(file, "old.old."));
        Assert.Equal("ok 0", alice.Do("chmod", file, "666"));
        using Process bob = As(Drive.Bob, Reader, file);
        using Process other = As(Drive.Alice, Reader, file);
        Assert.Equal("ready", bob.StandardOutput.ReadLine());
        Assert.Equal("ready", other.StandardOutput.ReadLine());
        foreach (string way in new[] { "read", "shared", "private" })
        {
            Assert.Equal("6f6c642e", Ask(bob, way));
            Assert.Equal("6f6c642e", Ask(other, way));
        }

        Programs.Done("user", "revoke", drive.Vault, "bob", "finance:secret");
        Patience.Until(() => Ask(bob, "read") is "EACCES" or "EIO", "bob still reads");
        Assert.Equal("ok 8", alice.Write(file, "new.new."));
        for (int round = 0; round < 20; round++)
        {
            Assert.Equal("new.new.", alice.Read(file));
            using Process anew = As(Drive.Alice, Reader, file);
            Assert.Equal("ready", anew.StandardOutput.ReadLine());
            Assert.Equal("6e65772e", Ask(anew, "read"));
            Assert.Contains(Ask(anew, round % 2 == 0 ? "private" : "shared"), new[] { "SIGBUS", "ENODEV" }); // nothing is mapped while bob holds the file
            Assert.Equal("EIO", Ask(other, "read")); // it would fill the cache that bob reads; opened anew, it reads
            foreach (string way in new[] { "read", "shared", "private" })
            {
                Assert.Contains(Ask(bob, way), new[] { "EACCES", "EIO", "SIGBUS" });
            }

            End(anew);
        }

        End(bob);
        Patience.Until(() => Ask(other, "read") == "6e65772e", "the cache is closed although nobody revoked holds the file");
        Assert.Equal("6e65772e", Ask(other, "private"));
        End(other);
    }

    /// <summary>The kernel puts what is written into pages that all descriptors of the file share, before it asks: those of who may not any more, too.</summary>
    [SkippableFact]
    public void Not_a_byte_that_others_write_by_old_descriptors_is_seen_by_an_old_handle_or_mapping()
    {
        Require.Mounts();
        Require.Tool("python3");
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string file = drive.Payroll + "/q3";
        Assert.Equal("ok 8192", alice.Write(file, new string('o', 8192)));
        Assert.Equal("ok 0", alice.Do("chmod", file, "666"));
        using Process writer = As(Drive.Alice, Writer, file);
        using Process bob = As(Drive.Bob, Reader, file);
        Assert.Equal("ready", writer.StandardOutput.ReadLine());
        Assert.Equal("ready", bob.StandardOutput.ReadLine());
        Assert.Equal("ok", Ask(writer, "o"));
        foreach (string way in new[] { "read", "shared", "private" })
        {
            Assert.Equal("6f6f6f6f", Ask(bob, way));
        }

        Programs.Done("user", "revoke", drive.Vault, "bob", "finance:secret");
        Patience.Until(() => Ask(bob, "read") is "EACCES" or "EIO", "bob still reads");
        for (int round = 0; round < 20; round++)
        {
            Assert.Equal("EIO", Ask(writer, "n")); // opened anew it writes past the pages
            foreach (string way in new[] { "read", "shared", "private" })
            {
                Assert.Contains(Ask(bob, way), new[] { "EACCES", "EIO", "SIGBUS" });
            }

            Assert.Equal("ok 4096", alice.Do("write", file, "rw", new string('n', 4096), "0"));
            Assert.StartsWith("nnnnoooo", alice.Read(file, 4092), StringComparison.Ordinal);
        }

        End(bob);
        Patience.Until(() => Ask(writer, "n") == "ok", "the cache is closed although nobody revoked holds the file");
        Assert.Equal(new string('n', 8192), alice.Read(file));
        End(writer);
    }

    [SkippableFact]
    public void A_lock_and_the_end_of_an_account_reach_open_files()
    {
        Require.Mounts();
        Require.Tool("python3");
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string file = drive.Payroll + "/q3";
        Assert.Equal("ok 8", alice.Write(file, "old.old."));
        using Process locked = As(Drive.Alice, Reader, file);
        Assert.Equal("ready", locked.StandardOutput.ReadLine());
        Assert.Equal("6f6c642e", Ask(locked, "read"));
        Programs.Done("incident", "lock", drive.Vault, "--all", "--because", "drill");
        Patience.Until(() => Ask(locked, "read") is "EACCES" or "EIO", "the lock does not reach the open file");
        Programs.Done("incident", "unlock", drive.Vault, "--all", "--because", "drill over");
        End(locked);
        using Process ending = As(Drive.Alice, Reader, file);
        Assert.Equal("ready", ending.StandardOutput.ReadLine());
        Assert.Equal("6f6c642e", Ask(ending, "read"));
        string end = DateTimeOffset.UtcNow.AddSeconds(4).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Programs.Done("user", "set", drive.Vault, "alice", "--expires", end);
        Patience.Until(() => Ask(ending, "read") is "EACCES" or "EIO", "the end does not reach the open file");
        End(ending);
        Assert.Equal("EACCES", alice.Read(file));
    }

    private static string Ask(Process process, string way)
    {
        process.StandardInput.WriteLine(way);
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine() ?? "ended";
    }

    private static void End(Process process)
    {
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(Patience.Long));
    }

    private static Process As(uint uid, string script, string file)
    {
        var start = new ProcessStartInfo("setpriv") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (string argument in new[] { $"--reuid={uid}", $"--regid={uid}", "--clear-groups", "/usr/bin/python3", "-c", script, file })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}

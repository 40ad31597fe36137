using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using SecureVault.Service.Programs;
using SecureVault.Terms;
using SecureVault.Tests.Service;
using Xunit;

namespace SecureVault.Tests.Programs;

/// <summary>Real processes of this machine. Copies of programs belong to whoever runs the tests: sound where that is root.</summary>
public sealed class RealProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LinuxPrograms _programs = new(new FakeClock());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_is_the_bytes_of_its_image()
    {
        using var child = Child.Sleeping();
        ProgramIdentity seen = Seen(child.Id);
        Assert.Equal(HashOf(Child.Sleep), seen.Image.ToArray());
        Assert.EndsWith("/sleep", seen.Path, StringComparison.Ordinal);
        Assert.Equal(("", "", 0), (seen.Distrust, seen.ScriptPath, seen.Script.Length));
        Assert.Same(seen, _programs.ProgramOf(child.Id));
    }

    [Fact]
    public void Two_processes_of_one_program_have_one_identity()
    {
        using var one = Child.Sleeping();
        using var other = Child.Sleeping();
        Assert.Same(Seen(one.Id), Seen(other.Id));
    }

    [Fact]
    public void Every_thread_has_the_identity_of_its_process()
    {
        ProgramIdentity seen = Seen(Environment.ProcessId);
        Assert.Equal(Environment.ProcessPath, seen.Path);
        foreach (int thread in Directory.GetDirectories("/proc/self/task").Select(t => int.Parse(Path.GetFileName(t), null)))
        {
            ProgramIdentity? same = _programs.ProgramOf(thread);
            Assert.True(ReferenceEquals(seen, same) || !Directory.Exists($"/proc/{thread}")); // it may have ended meanwhile
        }
    }

    [SkippableFact]
    public void A_process_that_made_itself_a_user_namespace_is_not_trusted()
    {
        const string Code =
            """
            import ctypes, os
            ok = ctypes.CDLL(None).unshare(0x10000000) == 0
            print("ready" if ok else "refused", flush=True)
            os.execv("/bin/sleep", ["sleep", "3600"])
            """;
        using var child = new Child(Child.Python, ["-c", Code]);
        Skip.If(child.Line() != "ready", "this machine lets nobody make a user namespace");
        Patience.Until(() => Seen(child.Id).Path.EndsWith("/sleep", StringComparison.Ordinal), "sleep");
        Assert.StartsWith("it runs in a user namespace of its own", Seen(child.Id).Distrust, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_under_another_name_is_the_same_program_and_one_with_a_byte_changed_is_not()
    {
        using var renamed = Child.Sleeping(Copy(Child.Sleep, "office"));
        byte[] bytes = File.ReadAllBytes(Child.Sleep);
        bytes[^1] ^= 1; // in a table that nobody loads
        File.WriteAllBytes(_folder["bytes"], bytes);
        File.SetUnixFileMode(_folder["bytes"], File.GetUnixFileMode(Child.Sleep));
        string changed = Copy(_folder["bytes"], "sleep");
        using var forged = Child.Sleeping(changed);
        Assert.Equal(HashOf(Child.Sleep), Seen(renamed.Id).Image.ToArray());
        Assert.EndsWith("/office", Seen(renamed.Id).Path, StringComparison.Ordinal);
        Assert.Equal(HashOf(changed), Seen(forged.Id).Image.ToArray());
        Assert.NotEqual(HashOf(Child.Sleep), HashOf(changed));
    }

    [Fact]
    public void A_renamed_cat_is_cat()
    {
        using var child = new Child(Copy("/bin/cat", "office"), []);
        Assert.Equal(HashOf("/bin/cat"), Seen(child.Id).Image.ToArray());
    }

    [Fact]
    public void A_copy_that_others_may_write_to_is_not_trusted()
    {
        using var child = Child.Sleeping(OpenToAll(Copy(Child.Sleep, "sleep")));
        AssertBelongsToAUser("its image is a file which ", Seen(child.Id));
    }

    [SkippableFact]
    public void A_program_started_through_the_loader_is_the_loader_and_not_trusted()
    {
        string? loader = new[] { "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1" }.FirstOrDefault(File.Exists);
        Skip.If(loader is null, "the dynamic loader is not where it is looked for");
        using var child = new Child(loader, [Child.Sleep, "3600"]);
        Assert.Equal(HashOf(loader), Seen(child.Id).Image.ToArray());
        Assert.Equal("it was started through the dynamic loader by hand", Seen(child.Id).Distrust);
    }

    [Fact]
    public void A_program_with_a_users_library_preloaded_is_not_trusted()
    {
        string library = OpenToAll(Copy(ALibrary(), "libevil.so"));
        using var child = new Child(Child.Sleep, ["3600"], [$"LD_PRELOAD={library}"]);
        child.Maps(library);
        AssertBelongsToAUser($"it runs code of {library}, which ", Seen(child.Id));
        Assert.Equal(HashOf(Child.Sleep), Seen(child.Id).Image.ToArray());
    }

    [Fact]
    public void A_program_with_a_library_preloaded_that_was_deleted_then_is_not_trusted()
    {
        string library = Copy(ALibrary(), "libevil.so");
        using var child = new Child(Child.Sleep, ["3600"], [$"LD_PRELOAD={library}"]);
        child.Maps(library);
        File.Delete(library);
        Assert.Equal($"it runs code of {library} (deleted), which has been deleted or lies in memory only", Seen(child.Id).Distrust);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_program_whose_image_was_deleted_or_replaced_is_not_trusted(bool replaced)
    {
        string image = Copy(Child.Sleep, "office");
        using var child = Child.Sleeping(image);
        Assert.DoesNotContain("deleted", Seen(child.Id).Distrust, StringComparison.Ordinal);
        if (replaced)
        {
            File.Move(Copy("/bin/cat", "update"), image, overwrite: true);
        }
        else
        {
            File.Delete(image);
        }

        Assert.Equal("its image was replaced or deleted since it started", Seen(child.Id).Distrust); // at once: the clock stands
        Assert.Equal(HashOf(Child.Sleep), Seen(child.Id).Image.ToArray());
    }

    [SkippableFact]
    public void A_program_in_memory_only_is_not_trusted()
    {
        const string Code = "import os,sys; m=os.memfd_create('office', 0); os.write(m, open('/bin/sleep','rb').read()); os.execve(m, ['sleep','3600'], {})";
        using var child = new Child(Child.Python, ["-c", Code]);
        Patience.Until(() => File.ResolveLinkTarget($"/proc/{child.Id}/exe", false)!.Name.StartsWith("memfd:", StringComparison.Ordinal), "the program in memory");
        Assert.Equal(HashOf(Child.Sleep), Seen(child.Id).Image.ToArray());
        Assert.Equal("its image was replaced or deleted since it started", Seen(child.Id).Distrust);
    }

    [SkippableFact]
    public void A_traced_program_is_not_trusted_until_the_tracer_lets_go()
    {
        // PTRACE_SEIZE 0x4206 leaves it running; a tracer may have its own child by any setting of the machine.
        const string Code =
            """
            import ctypes, subprocess, sys
            c = ctypes.CDLL(None, use_errno=True)
            c.ptrace.argtypes = [ctypes.c_long] * 4
            child = subprocess.Popen(["/bin/sleep", "3600"])
            print(child.pid if c.ptrace(0x4206, child.pid, 0, 0) == 0 else -1, flush=True)
            sys.stdin.readline()
            """;
        using var tracer = new Child(Child.Python, ["-c", Code]);
        int traced = tracer.Number();
        Assert.True(traced > 0, "ptrace was refused");
        try
        {
            Assert.Equal("it is traced by another process", Seen(traced).Distrust);
            Assert.Equal(HashOf(Child.Sleep), Seen(traced).Image.ToArray());
            tracer.Tell("");
            Patience.Until(() => new LinuxPrograms(new FakeClock()).ProgramOf(traced)!.Distrust.Length == 0, "the tracer's end");
        }
        finally
        {
            using Process orphan = Process.GetProcessById(traced);
            orphan.Kill();
        }
    }

    [Fact]
    public void A_program_that_becomes_another_is_seen_at_once()
    {
        using var child = new Child("/bin/sh", ["-c", "read line; exec /bin/sleep 3600"]);
        Assert.Contains("-c", Seen(child.Id).Distrust, StringComparison.Ordinal);
        child.Tell("");
        Patience.Until(() => Seen(child.Id).Path.EndsWith("/sleep", StringComparison.Ordinal), "the other program");
        Assert.Equal("", Seen(child.Id).Distrust);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2)] // a kernel's thread, or nobody
    [InlineData(int.MaxValue)]
    public void What_cannot_be_seen_is_no_program(int pid)
    {
        bool user = pid == 2 && File.Exists("/proc/2/exe");
        Assert.True(user || _programs.ProgramOf(pid) is null);
        Assert.True(user || _programs.SessionOf(pid).Length == 0);
    }

    [Fact]
    public void A_process_that_ended_is_no_program()
    {
        var child = Child.Sleeping();
        int pid = child.Id;
        Assert.NotNull(_programs.ProgramOf(pid));
        child.Dispose();
        Assert.Null(_programs.ProgramOf(pid));
    }

    [Fact]
    public void Processes_that_end_while_they_are_looked_at_throw_nothing()
    {
        for (int i = 0; i < 50; i++)
        {
            using Process child = Process.Start("/bin/true");
            while (_programs.ProgramOf(child.Id) is { } seen)
            {
                Assert.NotEmpty(seen.Path);
            }

            child.WaitForExit();
        }
    }

    private ProgramIdentity Seen(int pid) => Assert.IsType<ProgramIdentity>(_programs.ProgramOf(pid));

    private string Copy(string file, string name)
    {
        Child.Copy(file, _folder[name]);
        return _folder[name];
    }

    private static string OpenToAll(string file)
    {
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
        return file;
    }

    private static void AssertBelongsToAUser(string start, ProgramIdentity seen)
    {
        Assert.StartsWith(start, seen.Distrust, StringComparison.Ordinal);
        Assert.Matches("others than root may write to$|belongs to user [0-9]+$", seen.Distrust);
    }

    /// <summary>One that this process has mapped itself.</summary>
    private static string ALibrary() => File.ReadLines("/proc/self/maps").Select(l => l[(l.LastIndexOf(' ') + 1)..]).First(f => f.Contains("/libm.so", StringComparison.Ordinal) || f.Contains("/libm-", StringComparison.Ordinal));

    private static byte[] HashOf(string file) => SHA256.HashData(File.ReadAllBytes(file));
}

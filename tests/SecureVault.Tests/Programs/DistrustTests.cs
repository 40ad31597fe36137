using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Service.Native;
using SecureVault.Service.Programs;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Programs;

/// <summary>Reasons not to trust that are hard to bring about for real, and hostile or missing entries, on a /proc of the test's own.</summary>
public sealed class DistrustTests : IDisposable
{
    private const string Vdso = "7f00-7f01 r-xp 00000000 00:00 0 [vdso]\n";
    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Theory]
    [InlineData("exe")]
    [InlineData("status")]
    [InlineData("task/5/status")]
    [InlineData("maps")]
    [InlineData("ns/user")]
    public void What_cannot_be_read_is_not_trusted(string entry)
    {
        _proc.Add(5);
        Assert.Equal("", Seen().Distrust);
        File.Delete(_proc[5, entry]);
        _proc.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual("", _proc.Programs.ProgramOf(5)?.Distrust ?? "it is not seen");
    }

    [Theory]
    [InlineData("cmdline")]
    [InlineData("environ")]
    [InlineData("root")]
    [InlineData("cwd")]
    public void An_interpreter_that_cannot_be_read_is_not_trusted(string entry)
    {
        File.WriteAllText(_proc["s.sh"], "");
        _proc.Add(5, "/bin/sh", arguments: "sh\0s.sh\0");
        Assert.Equal(32, Seen().Script.Length);
        File.Delete(_proc[5, entry]);
        _proc.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Seen().Script.Length);
        Assert.NotEqual("", Seen().Distrust);
    }

    [Fact]
    public void One_traced_thread_of_many_is_enough()
    {
        _proc.Add(5);
        _proc.AddThread(5, 50, 0);
        _proc.AddThread(5, 51, 1);
        _proc.AddThread(5, 52, 0);
        Assert.Equal("it is traced by another process", Seen().Distrust);
    }

    [Fact]
    public void A_process_in_a_user_namespace_of_its_own_is_not_trusted()
    {
        _proc.Add(5);
        File.Delete(_proc[5, "ns/user"]);
        File.CreateSymbolicLink(_proc[5, "ns/user"], "user:[2]");
        Assert.StartsWith("it runs in a user namespace of its own", Seen().Distrust, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_a_program_serves_is_never_opened()
    {
        (uint major, uint minor) = DeviceOf(Child.Sleep);
        File.WriteAllText(_proc["self/mountinfo"], $"36 1 {major}:{minor} / / rw shared:1 - fuse.evil evil rw\n");
        _proc.Add(5);
        Assert.Equal(("its image is served by a program (FUSE)", 0), (Seen().Distrust, Seen().Image.Length));
        Assert.Equal(0, _proc.Hashed);
    }

    [Fact]
    public void A_script_or_a_library_that_a_program_serves_is_never_opened()
    {
        File.WriteAllText(_proc["s.sh"], "");
        using var mounts = new FakeProc();
        (uint major, uint minor) = DeviceOf(_proc["s.sh"]);
        File.WriteAllText(mounts["self/mountinfo"], $"36 1 {major}:{minor} / / rw - fuse evil rw\n");
        var table = new Mounts(mounts["."], mounts.Clock);
        _proc.Add(5);
        using ProcessFolder process = ProcessFolder.Open(_proc["."], 5)!;
        Assert.Null(VisibleFile.Open(process, table, "s.sh", out _, out _));
        Assert.Null(VisibleFile.Open(process, table, _proc["s.sh"], out _, out _));
        File.WriteAllText(_proc[5, "maps"], $"1-2 r-xp 0 {major:x}:{minor:x} 77 /lib/x.so\n");
        Assert.Equal("it runs code of /lib/x.so, which a program serves (FUSE)", MappedCode.Weakness(process, table));
    }

    [Fact]
    public void A_file_on_a_mount_without_rights_is_not_trusted()
    {
        Assert.True(FileFacts.TryOf(Libc.AT_FDCWD, Encoding.UTF8.GetBytes(Child.Sleep + '\0'), 0, out FileFacts facts));
        File.WriteAllText(_proc["self/mountinfo"], $"{facts.Mount} 1 0:1 / / ro,nosuid - ext4 /dev/sdb rw\n");
        _proc.Add(5);
        Assert.Equal("its image is a file which lies on a mount without the system's rights (nosuid)", Seen().Distrust);
    }

    [Theory]
    [InlineData(Vdso)]
    [InlineData("1-2 rwxp 00000000 00:00 0\n")] // a compiler's memory
    [InlineData("1-2 rw-p 00000000 fd:00 12 /home/alice/data\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 12 /bin/sleep\n")]
    [InlineData("1-2 r--p 00000000 fd:00 12                    /home/alice/lib with blanks.so\n")]
    public void Sound_maps(string maps)
    {
        _proc.Add(5, maps: maps);
        Assert.Equal("", Seen().Distrust);
    }

    [Theory]
    [InlineData("1-2 r-xs 00000000 00:01 12 /memfd:doublemapper (deleted)\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 12 /nowhere/lib.so\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 12\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 12 /proc/self/exe\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 12 /etc\n")]
    public void Code_of_files_that_cannot_be_judged(string maps)
    {
        File.WriteAllText(_proc["self/mountinfo"], File.ReadAllText("/proc/self/mountinfo"));
        _proc.Add(5, maps: Vdso + maps);
        Assert.StartsWith("it runs code of ", Seen().Distrust, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1-2 r-xp 00000000 fd 12 /bin/sleep\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 x /bin/sleep\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 12x /bin/sleep\n")]
    [InlineData("1-2 r-xp 00000000 fd:00 12 /bin/sleep")] // half a line
    [InlineData("1-2 r\n")]
    [InlineData("\n")]
    public void Maps_that_cannot_be_read(string maps)
    {
        _proc.Add(5, maps: Vdso + maps);
        Assert.Equal("its memory map cannot be read", Seen().Distrust);
    }

    [Fact]
    public void A_map_of_many_files_is_read_to_its_end()
    {
        string many = string.Concat(Enumerable.Range(1, 60_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:x}-{i + 1:x} r--p 00000000 fd:00 {i} /lib/a.so\n")));
        _proc.Add(5, maps: many + "1-2 r-xp 0 fd:00 9 /nowhere/evil.so\n");
        Assert.Equal("it runs code of /nowhere/evil.so, which cannot be looked at", Seen().Distrust);
        File.AppendAllText(_proc[5, "maps"], new string('\n', 1 << 24));
        _proc.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("its memory map is too long to look at", Seen().Distrust);
    }

    [Fact]
    public void A_sentence_holds_no_character_a_terminal_would_obey()
    {
        string name = $"/nowhere/{new string('a', 300)}\u001b[2J.so";
        _proc.Add(5, maps: $"1-2 r-xp 0 fd:00 9 {name}\n");
        Assert.DoesNotContain('\u001b', Seen().Distrust);
        Assert.True(Seen().Distrust.Length < 200);
    }

    private ProgramIdentity Seen() => Assert.IsType<ProgramIdentity>(_proc.Programs.ProgramOf(5));

    private static (uint Major, uint Minor) DeviceOf(string file)
    {
        Assert.True(FileFacts.TryOf(Libc.AT_FDCWD, Encoding.UTF8.GetBytes(file + '\0'), 0, out FileFacts facts));
        return ((uint)(facts.Stamp.Device >> 32), (uint)(facts.Stamp.Device & uint.MaxValue));
    }
}

using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Service.Programs;
using SecureVault.Terms;
using SecureVault.Tests.Service;
using Xunit;

namespace SecureVault.Tests.Programs;

/// <summary>Which programs are interpreters, and the script one was started with: by its arguments alone, and with real ones.</summary>
public sealed class InterpreterTests : IDisposable
{
    private const string Waiting = "import sys\nprint('ready', flush=True)\nsys.stdin.readline()\n";
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly LinuxPrograms _programs;

    public InterpreterTests() => _programs = new LinuxPrograms(_clock);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/usr/bin/python3.11")]
    [InlineData("/usr/bin/python")]
    [InlineData("/usr/bin/pypy3")]
    [InlineData("/bin/dash")]
    [InlineData("/usr/bin/perl5.36.0")]
    [InlineData("/usr/bin/lua5.4")]
    [InlineData("/usr/bin/gawk-5.2.1")]
    [InlineData("/usr/bin/php8.2")]
    [InlineData("/usr/bin/node")]
    [InlineData("/usr/bin/busybox")]
    [InlineData("/usr/lib/jvm/java-17/bin/java")]
    [InlineData("/usr/lib/wine/wine64-preloader")]
    [InlineData("/usr/bin/qemu-x86_64-static")]
    [InlineData("C:\\Python\\python.exe")]
    public void Interpreters_are_known_by_name_whatever_their_version(string path) => Assert.True(Interpreters.IsInterpreter(path));

    [Theory]
    [InlineData("/usr/lib/libreoffice/program/soffice.bin")]
    [InlineData("/usr/bin/sleep")]
    [InlineData("/usr/bin/shred")]
    [InlineData("/usr/bin/node_exporter")]
    [InlineData("/usr/bin/7z")]
    [InlineData("")]
    public void Other_programs_are_none(string path) => Assert.False(Interpreters.IsInterpreter(path));

    [Fact]
    public void A_link_to_an_interpreter_is_one()
    {
        File.CreateSymbolicLink(_folder["office"], "/bin/sh");
        Assert.True(Interpreters.IsInterpreter(_folder["office"]));
    }

    [Theory]
    [InlineData("python", "python3|x.py", "x.py")]
    [InlineData("python", "python3|-I|-BuS|/a/x.py|-c|more", "/a/x.py")]
    [InlineData("python", "|x.py", "x.py")]
    [InlineData("python", "python3|x y.py", "x y.py")]
    [InlineData("bash", "bash|-eu|x.sh", "x.sh")]
    [InlineData("bash", "bash|--norc|x.sh", "x.sh")]
    [InlineData("perl", "perl|-wT|x.pl", "x.pl")]
    [InlineData("awk", "awk|-f|x.awk|file", "x.awk")]
    [InlineData("java", "java|-jar|x.jar|-v", "x.jar")]
    [InlineData("dotnet", "dotnet|x.dll", "x.dll")]
    [InlineData("busybox", "busybox|sh|x.sh", "x.sh")]
    [InlineData("busybox", "/bin/sh|-e|x.sh", "x.sh")]
    public void The_script_is_named_by_the_arguments(string interpreter, string line, string script) => Assert.Equal(new ScriptArguments(script, ""), Of(interpreter, line));

    [Theory]
    [InlineData("python", "python3", "name no script")]
    [InlineData("python", "python3|-", "standard input")]
    [InlineData("python", "python3|", "standard input")]
    [InlineData("python", "python3|-c|pass", "-c")]
    [InlineData("python", "python3|-Ic|pass", "-Ic")]
    [InlineData("python", "python3|-m|http.server", "-m")]
    [InlineData("python", "python3|-i|x.py", "-i")]
    [InlineData("python", "python3|-Xfrozen_modules|x.py", "-Xfrozen_modules")]
    [InlineData("python", "python3|--|x.py", "--")]
    [InlineData("bash", "bash|-l|x.sh", "-l")]
    [InlineData("bash", "bash|--rcfile|evil|x.sh", "--rcfile")]
    [InlineData("bash", "bash|+O|extglob|x.sh", "+O")]
    [InlineData("bash", "bash|-s|x", "-s")]
    [InlineData("perl", "perl|-Mevil|x.pl", "-Mevil")]
    [InlineData("ruby", "ruby|-rx|x.rb", "-rx")]
    [InlineData("node", "node|--require=x|x.js", "--require=x")]
    [InlineData("awk", "awk|BEGIN{}|-f|x.awk", "-f alone")]
    [InlineData("gawk", "gawk|-f|x.awk|-f|evil.awk", "option -f")]
    [InlineData("java", "java|-cp|evil|-jar|x.jar", "-jar alone")]
    [InlineData("busybox", "busybox|cat|x", "not started as a shell")]
    [InlineData("busybox", "busybox", "not started as a shell")]
    [InlineData("zsh", "zsh|x.sh", "no script can be told")]
    [InlineData("wine", "wine|x.exe", "no script can be told")]
    public void Code_from_elsewhere_is_no_script(string interpreter, string line, string reason)
    {
        Assert.Equal("", Of(interpreter, line).Path);
        Assert.Contains(reason, Of(interpreter, line).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_arguments_are_no_script()
    {
        Interpreter python = Interpreters.Of("python")!;
        Assert.NotEqual("", ScriptArguments.Of(python, []).Reason);
        Assert.NotEqual("", ScriptArguments.Of(python, "python3\0x.py"u8).Reason);
        Assert.DoesNotContain('\u001b', ScriptArguments.Of(python, "python3\0-\u001b[2J\0"u8).Reason);
        var random = new Random(18);
        byte[] noise = new byte[200];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(noise);
            noise[random.Next(noise.Length)] = 0;
            noise[^1] = 0;
            ScriptArguments found = ScriptArguments.Of(python, noise);
            Assert.True(found.Path.Length == 0 != (found.Reason.Length == 0));
        }
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_script_is_its_bytes_by_whatever_path(bool relative)
    {
        string script = Write("x.py", Waiting);
        Directory.CreateDirectory(_folder["sub"]);
        using var child = new Child(Child.Python, ["-B", relative ? "./sub/../x.py" : script], folder: _folder.Path);
        Assert.Equal("ready", child.Line());
        ProgramIdentity seen = Seen(child);
        Assert.Equal(HashOf(script), seen.Script.ToArray());
        Assert.Equal(script, seen.ScriptPath);
        Assert.Equal(HashOf(Child.Python), seen.Image.ToArray());
        AssertSound(seen);
    }

    [Fact]
    public void A_shell_s_script_started_by_its_own_name_is_told()
    {
        string text = Write("text", "#!/bin/sh\necho ready\nread line\n"), script = _folder["x.sh"];
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Child.Copy(text, script);
        File.CreateSymbolicLink(_folder["link"], "x.sh");
        using var child = new Child(_folder["link"], []);
        Assert.Equal("ready", child.Line());
        Assert.Equal(HashOf(script), Seen(child).Script.ToArray());
        Assert.Equal(script, Seen(child).ScriptPath);
        AssertSound(Seen(child));
    }

    [SkippableTheory]
    [InlineData("-c")]
    [InlineData("-m")]
    [InlineData("-i")]
    [InlineData("PYTHONPATH")]
    [InlineData("input")]
    public void Python_with_code_from_elsewhere_has_no_script(string way)
    {
        string script = Write("waiting.py", Waiting);
        string[] arguments = way switch
        {
            "-c" => ["-c", Waiting, script],
            "-m" => ["-m", "waiting"],
            "-i" => ["-i", script],
            "input" => ["-u", "-"],
            _ => [script],
        };
        using var child = new Child(Child.Python, arguments, way == "PYTHONPATH" ? [$"PYTHONPATH={_folder.Path}"] : [], _folder.Path);
        if (way == "input")
        {
            child.Tell("print('ready')");
        }
        else
        {
            Assert.Equal("ready", child.Line());
        }

        ProgramIdentity seen = Seen(child);
        Assert.Equal((0, ""), (seen.Script.Length, seen.ScriptPath));
        Assert.StartsWith("it is an interpreter without a script to be told by: ", seen.Distrust, StringComparison.Ordinal);
        Assert.Contains(way, seen.Distrust, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_script_changed_afterwards_is_the_changed_one_within_a_second()
    {
        string script = Write("x.py", Waiting);
        using var child = new Child(Child.Python, [script]);
        Assert.Equal("ready", child.Line());
        byte[] before = Seen(child).Script.ToArray();
        File.AppendAllText(script, "# more\n");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(before, Seen(child).Script.ToArray());
        Assert.Equal(HashOf(script), Seen(child).Script.ToArray());
        File.Delete(script);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Seen(child).Script.Length);
        Assert.Equal($"its script {script} cannot be read, or is served by a program (FUSE)", Seen(child).Distrust);
    }

    [SkippableFact]
    public void A_script_that_others_may_write_to_is_told_and_not_trusted()
    {
        string script = Write("x.py", Waiting);
        File.SetUnixFileMode(script, File.GetUnixFileMode(script) | UnixFileMode.OtherWrite);
        using var child = new Child(Child.Python, [script]);
        Assert.Equal("ready", child.Line());
        Assert.Equal(HashOf(script), Seen(child).Script.ToArray());
        Assert.Matches("^its script is a file which (others than root may write to|belongs to user [0-9]+)$", Seen(child).Distrust);
    }

    [Fact]
    public void A_shell_that_becomes_the_same_shell_with_another_script_is_seen_at_once()
    {
        string second = Write("b.sh", "echo ready\nread line\n");
        string first = Write("a.sh", $"echo ready\nread line\nexec /bin/sh {second}\n");
        using var child = new Child("/bin/sh", [first]);
        Assert.Equal("ready", child.Line());
        Assert.Equal(HashOf(first), Seen(child).Script.ToArray());
        child.Tell("");
        Assert.Equal("ready", child.Line());
        Assert.Equal(HashOf(second), Seen(child).Script.ToArray()); // the clock stands
    }

    [Fact]
    public void What_is_no_file_is_no_script()
    {
        using var proc = new FakeProc();
        File.WriteAllText(proc["self/mountinfo"], File.ReadAllText("/proc/self/mountinfo"));
        string circle = _folder["circle"];
        File.CreateSymbolicLink(circle, circle);
        int pid = 5;
        foreach (string script in (string[])["/dev/stdin", "/dev/fd/0", "/proc/self/cmdline", "/etc", "/nowhere", circle, "/", "..", new string('x', 300), string.Concat(Enumerable.Repeat("a/", 1000))])
        {
            proc.Add(++pid, "/bin/sh", arguments: $"sh\0{script}\0");
            ProgramIdentity seen = proc.Programs.ProgramOf(pid)!;
            Assert.Equal((0, ""), (seen.Script.Length, seen.ScriptPath));
            Assert.NotEqual("", seen.Distrust);
        }
    }

    [Fact]
    public void A_process_s_links_do_not_lead_out_of_its_root()
    {
        using var proc = new FakeProc();
        Directory.CreateDirectory(proc["jail/etc"]);
        File.WriteAllText(proc["jail/etc/x.sh"], "inside");
        File.WriteAllText(proc["x.sh"], "outside");
        File.CreateSymbolicLink(proc["jail/link"], "../../../../etc/x.sh");
        File.CreateSymbolicLink(proc["jail/absolute"], "/etc/x.sh");
        int pid = 5;
        foreach (string script in (string[])["/link", "/absolute", "/etc/../../etc/x.sh", "/../../etc/x.sh"])
        {
            proc.Add(++pid, "/bin/sh", arguments: $"sh\0{script}\0");
            File.Delete(proc[pid, "root"]);
            File.CreateSymbolicLink(proc[pid, "root"], proc["jail"]);
            Assert.Equal(HashOf(proc["jail/etc/x.sh"]), proc.Programs.ProgramOf(pid)!.Script.ToArray());
        }
    }

    [Fact]
    public void Long_arguments_and_environments_are_bounded()
    {
        using var proc = new FakeProc();
        string script = Write("x.sh", "");
        proc.Add(5, "/bin/sh", arguments: $"sh\0{script}\0{string.Concat(Enumerable.Repeat("argument\0", 200_000))}");
        Assert.Equal(32, proc.Programs.ProgramOf(5)!.Script.Length);
        proc.Add(6, "/bin/sh", arguments: $"sh\0{new string('x', 1 << 21)}\0");
        Assert.Equal(0, proc.Programs.ProgramOf(6)!.Script.Length);
        proc.Add(7, "/bin/sh", arguments: $"sh\0{script}\0", environment: new string('x', 1 << 21));
        Assert.EndsWith("its environment is too long to look at", proc.Programs.ProgramOf(7)!.Distrust, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BASH_ENV=/home/alice/evil", "BASH_ENV is set in its environment")]
    [InlineData("BASH_FUNC_ls%%=() { evil; }", "BASH_FUNC_ls%% is set in its environment")]
    [InlineData("PYTHONPATH=/home/alice", "")]
    public void Variables_that_an_interpreter_heeds_leave_no_script(string variable, string reason)
    {
        using var proc = new FakeProc();
        proc.Add(5, "/bin/sh", arguments: $"sh\0{Write("x.sh", "")}\0", environment: $"HOME=/\0{variable}\0");
        Assert.Equal(reason.Length == 0, proc.Programs.ProgramOf(5)!.Script.Length == 32);
        Assert.Contains(reason, proc.Programs.ProgramOf(5)!.Distrust, StringComparison.Ordinal);
    }

    private static ScriptArguments Of(string interpreter, string line) => ScriptArguments.Of(Interpreters.Of(interpreter)!, Encoding.UTF8.GetBytes($"{line.Replace('|', '\0')}\0"));

    private ProgramIdentity Seen(Child child) => Assert.IsType<ProgramIdentity>(_programs.ProgramOf(child.Id));

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    /// <summary>What a test writes belongs to whoever runs it.</summary>
    private static void AssertSound(ProgramIdentity seen) => Assert.Matches(Environment.IsPrivilegedProcess ? "^$" : "^its script is a file which belongs to user [0-9]+$", seen.Distrust);

    private static byte[] HashOf(string file) => SHA256.HashData(File.ReadAllBytes(file));
}

using System;
using System.IO;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>Rules at work, as real users with real executables on a real mount: "finance:secret only in this program".</summary>
public sealed class ProgramRuleTests : IDisposable
{
    private const string Refused = "Permission denied";

    // The programs lie where root alone may write, all the way up: a drive trusts no other.
    private readonly string _programs = Directory.CreateDirectory($"/usr/local/lib/securevault-test-{Environment.ProcessId}-{Guid.NewGuid():N}").FullName;

    public void Dispose() => Directory.Delete(_programs, recursive: true);

    [SkippableFact]
    public void A_label_is_opened_in_one_program_only_whatever_others_are_called()
    {
        Require.Mounts();
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string file = drive.Payroll + "/q3";
        Assert.Equal("ok 3", alice.Write(file, "pay"));
        string office = Program("office", 1);
        Programs.Done("program", "add", drive.Vault, "office", office);
        Programs.Done("rule", "add", drive.Vault, "only-in-office", "--label", "finance:secret", "--unless-program", "office", "--say", "open it in the office program");
        string other = Program("office2", 2);
        alice.Run($"cp {office} /tmp/{Path.GetFileName(_programs)}; true");
        string users = $"/tmp/{Path.GetFileName(_programs)}";
        try
        {
            Assert.Equal("pay", alice.Run($"{office} {file}"));
            Assert.Contains(Refused, alice.Run($"cat {file} 2>&1; true"), StringComparison.Ordinal);
            Assert.Contains(Refused, alice.Run($"{other} {file} 2>&1; true"), StringComparison.Ordinal); // one byte more, called alike
            Assert.Contains(Refused, alice.Run($"{users} {file} 2>&1; true"), StringComparison.Ordinal); // the same bytes, where the user may change them
            Assert.Contains(Refused, alice.Run($"/lib64/ld-linux-x86-64.so.2 {office} {file} 2>&1; true"), StringComparison.Ordinal);
            Assert.Contains(Refused, alice.Run($"cp /lib/x86_64-linux-gnu/libm.so.6 {users}.so; LD_PRELOAD={users}.so {office} {file} 2>&1; true"), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(users);
            File.Delete(users + ".so");
        }

        Assert.Equal("EACCES", alice.Read(file));
        string denied = Programs.Done("audit", "show", drive.Vault, "--user", "alice", "--denied", "--last", "1", "--json");
        Assert.Contains("rule only-in-office: open it in the office program", denied, StringComparison.Ordinal);
        Assert.Contains("only-in-office", Programs.Done("explain", drive.Vault, "--user", "alice", "/Payroll/q3"), StringComparison.Ordinal);
        Programs.Done("rule", "remove", drive.Vault, "only-in-office");
        Assert.Equal("pay", alice.Run($"cat {file}"));
        Programs.Done("audit", "verify", drive.Vault);
    }

    [SkippableFact]
    public void An_interpreter_is_trusted_with_its_script_only()
    {
        Require.Mounts();
        Require.Tool("python3");
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string file = drive.Payroll + "/q3";
        Assert.Equal("ok 3", alice.Write(file, "pay"));
        string script = _programs + "/report.py";
        File.WriteAllText(script, "import sys\nsys.stdout.write(open(sys.argv[1]).read())\n");
        string other = _programs + "/other.py";
        File.WriteAllText(other, "import sys\nsys.stdout.write(open(sys.argv[1]).read() + '')\n");
        Programs.Done("program", "add", drive.Vault, "report", "/usr/bin/python3", "--script", script);
        Programs.Done("rule", "add", drive.Vault, "only-report", "--label", "finance", "--unless-program", "report", "--ceiling", "denied");
        Assert.Equal("pay", alice.Run($"env -i /usr/bin/python3 -I {script} {file}"));
        Assert.Contains(Refused, alice.Run($"env -i PYTHONPATH=/tmp /usr/bin/python3 {script} {file} 2>&1; true"), StringComparison.Ordinal);
        Assert.Contains(Refused, alice.Run($"env -i /usr/bin/python3 -I {other} {file} 2>&1; true"), StringComparison.Ordinal);
        Assert.Contains(Refused, alice.Run($"env -i /usr/bin/python3 -c 'print(open(\"{file}\").read())' 2>&1; true"), StringComparison.Ordinal);
        Assert.Contains(Refused, alice.Run($"env -i /usr/bin/python3 -I - {file} < {script} 2>&1; true"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Hours_hosts_paths_actions_and_locks_count_at_the_next_open()
    {
        Require.Mounts();
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string file = drive.Payroll + "/q3";
        Assert.Equal("ok 3", alice.Write(file, "pay"));
        Programs.Done("rule", "add", drive.Vault, "r", "--label", "finance", "--when-host", "nobody-is-called-so");
        Assert.Equal("pay", alice.Read(file));
        Programs.Done("rule", "add", drive.Vault, "r", "--label", "finance", "--unless-host", "nobody-is-called-so", "--ceiling", "read-only");
        Assert.Equal("pay", alice.Read(file));
        Assert.Equal("EACCES", alice.Write(file, "new"));
        Programs.Done("rule", "add", drive.Vault, "r", "--label", "finance", "--unless-hours", "mon-sun 00:00-24:00 Europe/Berlin");
        Assert.Equal("ok 3", alice.Write(file, "new"));
        Programs.Done("rule", "add", drive.Vault, "r", "--label", "*", "--path", "/Payroll/q?", "--on", "delete,rename", "--user", "alice");
        Assert.Equal("new", alice.Read(file));
        Assert.Equal("EACCES", alice.Do("unlink", file));
        Assert.Equal("EACCES", alice.Do("rename", file, drive.Payroll + "/elsewhere"));
        Programs.Done("rule", "remove", drive.Vault, "r");
        Programs.Done("incident", "lock", drive.Vault, "--user", "alice", "--because", "laptop lost");
        Assert.Equal("EACCES", alice.Read(file));
        Assert.Contains("laptop lost", Programs.Done("audit", "show", drive.Vault, "--user", "alice", "--denied", "--last", "1"), StringComparison.Ordinal);
        Programs.Done("incident", "unlock", drive.Vault, "--user", "alice", "--because", "found");
        Assert.Equal("new", alice.Read(file));
    }

    /// <summary>A program of its own bytes that does what cat does: what follows an executable's end is never read.</summary>
    private string Program(string name, byte tail)
    {
        string path = $"{_programs}/{name}";
        File.Copy("/bin/cat", path);
        using (FileStream file = File.Open(path, FileMode.Append))
        {
            file.WriteByte(tail);
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return path;
    }
}

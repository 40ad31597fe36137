using System;
using System.IO;
using System.Linq;
using System.Threading;
using SecureVault.Service.Callers;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Programs;

/// <summary>What is remembered and for how long, on a /proc of the test's own.</summary>
public sealed class ProgramCacheTests : IDisposable
{
    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void A_program_is_read_once_whoever_runs_it()
    {
        _proc.Add(5);
        _proc.Add(6);
        Assert.Same(Seen(5), Seen(6));
        _proc.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Same(Seen(5), Seen(6));
        Assert.Equal(1, _proc.Hashed);
    }

    [Fact]
    public void Two_that_ask_at_once_read_once()
    {
        _proc.Add(5);
        _proc.Add(6);
        using var reading = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _proc.Hashing = () =>
        {
            reading.Set();
            Patience.Until(go, "the test");
        };
        ProgramIdentity?[] seen = new ProgramIdentity?[2];
        var first = new Thread(() => seen[0] = _proc.Programs.ProgramOf(5));
        var second = new Thread(() => seen[1] = _proc.Programs.ProgramOf(6));
        first.Start();
        Patience.Until(reading, "the first to read");
        second.Start();
        Patience.Until(() => second.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the second to wait");
        go.Set();
        Patience.Until(first, "the first");
        Patience.Until(second, "the second");
        Assert.NotNull(seen[0]);
        Assert.Same(seen[0], seen[1]);
        Assert.Equal(1, _proc.Hashed);
    }

    [Fact]
    public void A_file_that_changes_is_read_again()
    {
        File.Copy(Child.Sleep, _proc["office"]);
        _proc.Add(5, _proc["office"]);
        byte[] before = Seen(5).Image.ToArray();
        File.AppendAllText(_proc["office"], "x");
        Assert.NotEqual(before, Seen(5).Image.ToArray());
        Assert.Equal(2, _proc.Hashed);
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_has_no_hash()
    {
        File.Copy(Child.Sleep, _proc["office"]);
        _proc.Add(5, _proc["office"]);
        _proc.Hashing = () => File.AppendAllText(_proc["office"], "x");
        Assert.Null(_proc.Programs.ProgramOf(5)); // each attempt found another file
        _proc.Hashing = () => { };
        Assert.Equal(32, Seen(5).Image.Length);
    }

    [Fact]
    public void Trust_is_looked_at_again_after_a_second()
    {
        _proc.Add(5);
        Assert.Equal("", Seen(5).Distrust);
        _proc.Say(5, 5, 77, "task/5/status");
        _proc.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("", Seen(5).Distrust);
        _proc.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("it is traced by another process", Seen(5).Distrust);
    }

    [Fact]
    public void A_number_given_to_another_process_has_nothing_of_the_first()
    {
        _proc.Add(5);
        Assert.Equal("", Seen(5).Distrust);
        _proc.Remove(5);
        Assert.Null(_proc.Programs.ProgramOf(5));
        _proc.Add(5, tracer: 77);
        Assert.Equal("it is traced by another process", Seen(5).Distrust); // the clock stands
    }

    [Fact]
    public void A_thread_has_its_process_s_identity_and_look()
    {
        _proc.Add(5);
        _proc.Add(6);
        _proc.Say(6, 5, 0);
        ProgramIdentity seen = Seen(5);
        _proc.Say(6, 5, 77, "task/6/status"); // not looked at: its process was just now
        Assert.Same(seen, Seen(6));
    }

    [Fact]
    public void A_thread_whose_process_is_gone_is_no_program()
    {
        _proc.Add(6);
        _proc.Say(6, 5, 0);
        Assert.Null(_proc.Programs.ProgramOf(6));
    }

    [Fact]
    public void More_processes_than_are_remembered_are_told_rightly()
    {
        _proc.Add(5);
        ProgramIdentity seen = Seen(5);
        foreach (int pid in Enumerable.Range(100, 4200))
        {
            Directory.CreateDirectory(_proc[pid, ""]);
            File.CreateSymbolicLink(_proc[pid, "exe"], Child.Sleep);
            foreach (string entry in (string[])["maps", "ns", "task"])
            {
                File.CreateSymbolicLink(_proc[pid, entry], _proc[5, entry]);
            }

            _proc.Say(pid, 5, 0);
            Assert.Same(seen, Seen(pid));
        }
    }

    [Fact]
    public void An_unchanged_program_allocates_nothing()
    {
        using var child = Child.Sleeping();
        var callers = new CallerDirectory(new FakeClock());
        Allocations.Hold("callers.program", () =>
        {
            callers.ProgramOf(child.Id);
            callers.SessionOf(child.Id);
        });
    }

    private ProgramIdentity Seen(int pid) => Assert.IsType<ProgramIdentity>(_proc.Programs.ProgramOf(pid));
}

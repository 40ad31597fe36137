using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using SecureVault.Service.Callers;
using SecureVault.Service.Native;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class CallerDirectoryTests
{
    [Fact]
    public void Every_user_of_the_machine_has_the_groups_that_the_database_lists()
    {
        var callers = new CallerDirectory(TimeProvider.System);
        string[][] groups = [.. File.ReadLines("/etc/group").Select(l => l.Split(':')).Where(f => f.Length == 4)];
        foreach (string[] user in File.ReadLines("/etc/passwd").Select(l => l.Split(':')).Where(f => f.Length == 7).DistinctBy(f => f[2]))
        {
            uint[] expected = [uint.Parse(user[3], null), .. groups.Where(g => g[3].Split(',').Contains(user[0])).Select(g => uint.Parse(g[2], null))];
            Assert.Equal(expected.Distinct().Order(), callers.GroupsOf(uint.Parse(user[2], null), 4_000_000).Distinct().Order());
        }
    }

    [Fact]
    public void A_user_the_database_does_not_know_has_no_group_even_of_its_process() =>
        Assert.Equal([], new CallerDirectory(TimeProvider.System, _ => null).GroupsOf(3_999_999_999, 77));

    [Fact]
    public void Groups_are_asked_once_in_thirty_seconds_and_then_again()
    {
        var clock = new FakeClock();
        int asked = 0;
        var callers = new CallerDirectory(clock, uid => new SystemUser("u", uid, [(uint)Interlocked.Increment(ref asked)], "/"));
        Assert.Equal([1u], callers.GroupsOf(5, 5));
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal([1u], callers.GroupsOf(5, 5));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([2u], callers.GroupsOf(5, 5));
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var callers = new CallerDirectory(new FakeClock());
        int self = Environment.ProcessId;
        Allocations.Hold("callers.known", () =>
        {
            callers.GroupsOf(0, 0);
            callers.ExecutableOf(self);
        });
    }

    [Fact]
    public void The_program_of_a_process_is_its_path()
    {
        var callers = new CallerDirectory(TimeProvider.System);
        Assert.Equal(Environment.ProcessPath, callers.ExecutableOf(Environment.ProcessId));
        using Process child = Process.Start(new ProcessStartInfo("/bin/sleep", "3600"))!;
        try
        {
            Assert.EndsWith("sleep", callers.ExecutableOf(child.Id), StringComparison.Ordinal);
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }

        Assert.Empty(callers.ExecutableOf(child.Id));
    }

    [Fact]
    public void A_process_that_runs_another_program_is_seen_to()
    {
        var callers = new CallerDirectory(TimeProvider.System);
        using Process child = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read line; exec sleep 3600"]) { RedirectStandardInput = true })!;
        try
        {
            Assert.DoesNotContain("sleep", callers.ExecutableOf(child.Id), StringComparison.Ordinal);
            child.StandardInput.WriteLine();
            Patience.Until(() => callers.ExecutableOf(child.Id).EndsWith("sleep", StringComparison.Ordinal), "the other program");
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_process_that_is_not_seen_has_no_program(int pid) => Assert.Empty(new CallerDirectory(TimeProvider.System).ExecutableOf(pid));
}

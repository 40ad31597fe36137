using System;
using System.Diagnostics;
using System.Threading;
using SecureVault.Fuse.Session;
using SecureVault.Fuse.Wire;
using Xunit;
using static SecureVault.Tests.Fuse.Harness;

namespace SecureVault.Tests.Fuse.Session;

/// <summary>Who waits at the device, and how.</summary>
public sealed class LeaderFollowersTests
{
    private readonly LeaderFollowers _order = new();

    /// <summary>A second thread that wants to lead; set once it does.</summary>
    private ManualResetEventSlim Second()
    {
        var leads = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            _order.Lead(new Follower());
            leads.Set();
        }) { IsBackground = true };
        thread.Start();
        return leads;
    }

    private Thread Guard()
    {
        var guard = new Thread(_order.Guard) { IsBackground = true };
        guard.Start();
        return guard;
    }

    private void LeadFirst() => _order.Lead(new Follower());

    private void WaitUntilResting() => Patience.Until(() => _order.Resting == 1, "the second thread's rest");

    private static void WaitUntilLeading(ManualResetEventSlim leads) => Patience.Until(leads, "the second thread's turn to lead");

    [Fact]
    public void A_second_thread_rests_until_the_first_needs_it()
    {
        LeadFirst();
        using ManualResetEventSlim leads = Second();
        WaitUntilResting();
        _order.Leave(needed: true);
        WaitUntilLeading(leads);
    }

    [Fact]
    public void A_short_request_calls_nobody()
    {
        LeadFirst();
        using ManualResetEventSlim leads = Second();
        WaitUntilResting();
        _order.Leave(needed: false);
        Assert.Equal(1, _order.Resting);
        LeadFirst();
        _order.Leave(needed: true);
        WaitUntilLeading(leads);
    }

    [Fact]
    public void The_guard_calls_a_successor_when_a_short_request_takes_long_after_all()
    {
        Thread guard = Guard();
        LeadFirst();
        ManualResetEventSlim leads = Second();
        WaitUntilResting();
        for (int i = 0; i < 5; i++)
        {
            _order.Leave(needed: false);
            WaitUntilLeading(leads);
            Thread.Sleep(i * 5); // the guard watches still, or sleeps already
            leads = Second();
            WaitUntilResting();
        }

        _order.Stop();
        Patience.Until(guard, "the guard's end");
    }

    [Fact]
    public void Who_rests_is_woken_to_sleep_at_the_device_when_another_does()
    {
        LeadFirst();
        bool? leads = null;
        var second = new Thread(() => leads = _order.Lead(new Follower())) { IsBackground = true };
        second.Start();
        WaitUntilResting();
        _order.Leave(needed: false);
        _order.Sleep();
        Patience.Until(second, "the second thread's end");
        Assert.False(leads);
    }

    [Fact]
    public void Nobody_leads_while_somebody_sleeps_at_the_device()
    {
        _order.Sleep();
        using ManualResetEventSlim leads = Second();
        WaitUntilResting();
        _order.Call(needed: true);
        Assert.Equal(1, _order.Resting);
        _order.Woken(needed: true);
        WaitUntilLeading(leads);
    }

    [Fact]
    public void The_guard_calls_nobody_while_somebody_sleeps_at_the_device()
    {
        Thread guard = Guard();
        _order.Sleep();
        using ManualResetEventSlim leads = Second();
        WaitUntilResting();
        Assert.False(leads.Wait(20)); // some of the guard's periods
        _order.Woken(needed: false);
        WaitUntilLeading(leads); // by the guard: whoever was woken serves for long
        _order.Stop();
        Patience.Until(guard, "the guard's end");
    }

    [Fact]
    public void Busy_waiting_begins_with_quick_requests_and_ends_when_displaced()
    {
        long microsecond = Stopwatch.Frequency / 1_000_000;
        var pace = new Pace();
        long looked = 0;
        Assert.False(pace.KeepsLooking(0, 0, ref looked)); // nothing is known of the pace yet
        for (int i = 0; i < 40; i++)
        {
            pace.Note(5 * microsecond);
        }

        Assert.Equal(Environment.ProcessorCount > 1, pace.KeepsLooking(0, 0, ref looked));
        Assert.False(pace.KeepsLooking(160 * microsecond, 0, ref looked)); // long enough, and displaced: 160 us between two looks
        looked = 170 * microsecond;
        Assert.False(pace.KeepsLooking(170 * microsecond, 170 * microsecond, ref looked));
        looked = Stopwatch.Frequency;
        Assert.Equal(Environment.ProcessorCount > 1, pace.KeepsLooking(looked, looked, ref looked));
        for (int i = 0; i < 40; i++)
        {
            pace.Note(Stopwatch.Frequency);
        }

        Assert.False(pace.KeepsLooking(looked, looked, ref looked)); // requests are far apart again
    }

    [Fact]
    public void Long_requests_are_told_by_their_kind_and_size()
    {
        Assert.True(LongRequests.Is(Request(fuse_opcode.FUSE_READ, 1, Io(1, 0, LongRequests.ManyBytes + 1))));
        Assert.False(LongRequests.Is(Request(fuse_opcode.FUSE_READ, 1, Io(1, 0, LongRequests.ManyBytes))));
        Assert.True(LongRequests.Is(Request(fuse_opcode.FUSE_WRITE, 1, new byte[LongRequests.ManyBytes])));
        Assert.False(LongRequests.Is(Request(fuse_opcode.FUSE_WRITE, 1, new byte[4096])));
        Assert.True(LongRequests.Is(Request(fuse_opcode.FUSE_FSYNC, 1)));
        Assert.False(LongRequests.Is(Request(fuse_opcode.FUSE_LOOKUP, 1)));
        Assert.False(LongRequests.Is(Request(fuse_opcode.FUSE_READ, 1)));
        Assert.False(LongRequests.Is([1, 2, 3]));
    }
}

using System;
using System.Diagnostics;
using SecureVault.Service.Native;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class ProcessEndTests
{
    [Fact]
    public void The_end_of_a_process_is_waited_for()
    {
        using Process child = Process.Start(new ProcessStartInfo("/bin/sleep", "3600"))!;
        using ProcessEnd end = ProcessEnd.Of(child.Id)!;
        Assert.False(end.Wait(TimeSpan.FromMilliseconds(20), TimeProvider.System));
        child.Kill();
        Assert.True(end.Wait(Patience.Long, TimeProvider.System));
        child.WaitForExit();
    }

    [Fact]
    public void A_process_that_is_gone_has_no_end_to_wait_for() => Assert.Null(ProcessEnd.Of(int.MaxValue));
}

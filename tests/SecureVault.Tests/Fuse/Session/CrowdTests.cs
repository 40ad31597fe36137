using System.Linq;
using SecureVault.Fuse.Session;
using Xunit;

namespace SecureVault.Tests.Fuse.Session;

/// <summary>How many callers' requests make a crowd.</summary>
public sealed class CrowdTests
{
    private readonly Crowd _crowd = new();

    private void Note(params uint[] callers)
    {
        foreach (uint caller in callers)
        {
            _crowd.Note(caller);
        }
    }

    private void Note(int times, params uint[] callers) => Note([.. Enumerable.Repeat(callers, times).SelectMany(each => each)]);

    [Fact]
    public void One_caller_is_none()
    {
        Note(1000, 7);
        Assert.False(_crowd.IsThere);
    }

    [Fact]
    public void Two_who_take_turns_are_one_and_it_ends_when_one_is_left()
    {
        Note(2, 7, 8);
        Assert.False(_crowd.IsThere); // some requests prove nothing
        Note(20, 7, 8);
        Assert.True(_crowd.IsThere);
        Note(4, 7, 7, 7, 8);
        Assert.True(_crowd.IsThere); // not at once: one of four is another's still
        Note(60, 7);
        Assert.False(_crowd.IsThere);
    }

    [Fact]
    public void Two_who_follow_each_other_with_many_requests_are_none()
    {
        for (uint caller = 1; caller < 50; caller++)
        {
            Note(20, caller);
            Assert.False(_crowd.IsThere);
        }
    }

    [Fact]
    public void What_the_kernel_asks_by_itself_does_not_count()
    {
        Note(200, 7, 0);
        Assert.False(_crowd.IsThere);
        Note(20, 7, 8);
        Note(200, 0);
        Assert.True(_crowd.IsThere);
    }
}

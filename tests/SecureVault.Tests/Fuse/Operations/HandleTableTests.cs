using System.Collections.Generic;
using System.Linq;
using SecureVault.Fuse.Operations;
using Xunit;

namespace SecureVault.Tests.Fuse.Operations;

public sealed class HandleTableTests
{
    private readonly HandleTable<string> _table = new();

    [Fact]
    public void A_handle_finds_its_value_until_it_is_removed()
    {
        Assert.True(_table.TryAdd("a", out ulong handle));
        Assert.True(_table.TryFind(handle, out string value));
        Assert.Equal("a", value);
        Assert.True(_table.TryRemove(handle, out value));
        Assert.Equal("a", value);
        Assert.False(_table.TryFind(handle, out _));
        Assert.False(_table.TryRemove(handle, out _));
    }

    [Fact]
    public void A_released_number_never_finds_the_slots_next_owner()
    {
        _table.TryAdd("old", out ulong old);
        _table.TryRemove(old, out _);
        _table.TryAdd("new", out ulong handle);
        Assert.NotEqual(old, handle);
        Assert.False(_table.TryFind(old, out _));
        Assert.True(_table.TryFind(handle, out _));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x10_0040UL)]
    public void A_number_never_given_out_finds_nothing(ulong handle)
    {
        _table.TryAdd("a", out _);
        Assert.False(_table.TryFind(handle, out _));
    }

    [Fact]
    public void The_table_grows_and_gives_everything_back()
    {
        var handles = new List<ulong>();
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(_table.TryAdd($"v{i}", out ulong handle));
            handles.Add(handle);
        }

        Assert.Equal(1000, handles.Distinct().Count());
        Assert.All(handles.Select((h, i) => (h, i)), x => Assert.True(_table.TryFind(x.h, out string v) && v == $"v{x.i}"));
        Assert.Equal(1000, _table.Count);
        Assert.Equal(1000, _table.RemoveAll().Count);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Handles_taken_and_released_by_many_threads_stay_apart()
    {
        SideBySide.Run(64, worker =>
        {
            for (int i = 0; i < 500; i++)
            {
                string mine = $"{worker}/{i}";
                Assert.True(_table.TryAdd(mine, out ulong handle));
                Assert.True(_table.TryFind(handle, out string found) && found == mine);
                Assert.True(_table.TryRemove(handle, out found) && found == mine);
            }
        });
        Assert.Equal(0, _table.Count);
    }
}

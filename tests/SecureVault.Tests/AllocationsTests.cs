using System;
using System.IO;
using System.Linq;
using SecureVault.Tests.Architecture;
using Xunit;
using Xunit.Sdk;

namespace SecureVault.Tests;

/// <summary>The budget itself: every line is held by a test, and holding finds what allocates.</summary>
public sealed class AllocationsTests
{
    [Fact]
    public void Every_line_of_the_budget_is_held_by_a_test()
    {
        string tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "SecureVault.Tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(Allocations.Budget().Keys, o => Assert.Contains($"\"{o}\"", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_over_its_budget_is_found()
    {
        byte[]? kept = null;
        TrueException found = Assert.Throws<TrueException>(() => Allocations.Hold("crypto.nonce", () => kept = new byte[1]));
        Assert.Contains("crypto.nonce allocates 32 bytes a call, its budget in allocations.txt is 0", found.Message, StringComparison.Ordinal);
        Assert.NotNull(kept);
    }

    [Fact]
    public void A_call_that_brings_collections_about_is_found()
    {
        byte[]? kept = null;
        TrueException found = Assert.Throws<TrueException>(() => Allocations.Hold("crypto.nonce", () =>
        {
            kept = new byte[1];
            GC.Collect(0);
        }));
        Assert.NotNull(kept);
        Assert.Contains("its budget in allocations.txt is 0", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_that_had_a_collection_do_not_count()
    {
        byte[]? kept = null;
        int left = 1500; // more calls than there are in the rounds that count
        Allocations.Hold("crypto.nonce", () =>
        {
            if (left > 0 && left-- % 10 == 0)
            {
                kept = new byte[1];
                GC.Collect(0);
            }
        });
        Assert.Equal(0, left);
        Assert.NotNull(kept);
    }
}

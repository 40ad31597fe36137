using System;
using System.Linq;
using SecureVault.Dokan.Names;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Dokan.Values;

public sealed class ValueTests
{
    [Fact]
    public void Every_status_of_the_engine_has_an_ntstatus_and_none_but_Ok_looks_like_success()
    {
        foreach (VaultStatus status in Enum.GetValues<VaultStatus>())
        {
            NtStatus mapped = StatusMap.ToNt(status);
            Assert.True(Enum.IsDefined(mapped), status.ToString());
            Assert.Equal(status == VaultStatus.Ok, (uint)mapped < 0x80000000);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => StatusMap.ToNt((VaultStatus)200));
    }

    [Fact]
    public void The_numbers_are_those_of_the_documents()
    {
        Assert.Equal(0xC0000022, (uint)NtStatus.AccessDenied);
        Assert.Equal(0xC0000035, (uint)NtStatus.ObjectNameCollision);
        Assert.Equal(0xC0000043, (uint)NtStatus.SharingViolation);
        Assert.Equal(0x80000005, (uint)NtStatus.BufferOverflow);
        Assert.Equal(0x001F01FFu, (uint)NtAccess.FileAllAccess);
        Assert.Equal(0x00120089u, (uint)NtAccess.FileGenericRead);
        Assert.Equal(0x00120116u, (uint)NtAccess.FileGenericWrite);
        Assert.Equal(0x001200A0u, (uint)NtAccess.FileGenericExecute);
        Assert.Equal(0x001301BFu, (uint)NtAccess.FileModify);
    }

    [Theory]
    [InlineData(0, 0, 116_444_736_000_000_000)]
    [InlineData(1_700_000_000, 123_456_789, 133_444_736_001_234_567)]
    [InlineData(-1, 999_999_900, 116_444_735_999_999_999)]
    [InlineData(-11_644_473_600, 0, 0)]
    public void Times_go_there_and_back(long seconds, uint nanoseconds, long ticks)
    {
        Assert.Equal(ticks, NtTime.From(new FileTime(seconds, nanoseconds)).Ticks);
        Assert.Equal(new FileTime(seconds, nanoseconds / 100 * 100), new NtTime(ticks).ToFileTime());
    }

    [Fact]
    public void Times_beyond_the_range_are_the_nearest_there_is()
    {
        Assert.Equal(0, NtTime.From(new FileTime(long.MinValue, 0)).Ticks);
        Assert.True(NtTime.From(new FileTime(long.MaxValue, 999_999_999)).Ticks > 0);
    }

    [Theory]
    [InlineData("*", "anything.txt", true)]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.TXT", "a.b.txt", true)]
    [InlineData("*.txt", "a.txtx", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("?", "", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a*b*c", "aXXbYYc", true)]
    [InlineData("a*b*c", "aXXbYY", false)]
    [InlineData("<.txt", "a.b.txt", true)]
    [InlineData("<.b", "a.b.txt", false)]
    [InlineData("<", "noext", true)]
    [InlineData("<", "a.b", false)]
    [InlineData("<\"", "noext", true)]
    [InlineData("<\"", "a.", true)]
    [InlineData("<\"*", "a.b", true)]
    [InlineData("<\"*", "a", true)]
    [InlineData(">>>", "ab", true)]
    [InlineData(">>>", "abcd", false)]
    [InlineData(">>>>.txt", "ab.txt", true)]
    [InlineData("a\"txt", "a.txt", true)]
    [InlineData("a\"", "a", true)]
    [InlineData("a\"b", "ab", false)]
    [InlineData("\u00C9*", "\u00E9t\u00E9", true)]
    public void Patterns_match_as_NT_matches(string pattern, string name, bool expected) => Assert.Equal(expected, NameExpression.Matches(pattern, name));

    [Fact]
    public void Patterns_made_to_be_slow_are_not()
    {
        string pattern = string.Concat(Enumerable.Repeat("*a", 1_000)) + "b";
        Assert.False(NameExpression.Matches(pattern, new string('a', 255)));
    }

    [Fact]
    public void Tokens_are_read_once_for_each_key_and_the_oldest_goes_first()
    {
        var cache = new RequestorCache(2);
        var alice = new FakeToken(new TokenKey(5, 7, 1, NtVault.Alice), ["S-1-5-32-545"]);
        Requestor first = Find(cache, alice, 10, "a.exe")!;
        Requestor second = Find(cache, alice, 11, "b.exe")!;
        Assert.Same(first.Token, second.Token);
        Assert.Equal((1, 11, "b.exe"), (alice.GroupReads, second.Pid, second.Executable));
        Assert.NotSame(first.Token, Find(cache, new FakeToken(new TokenKey(5, 8, 1, NtVault.Alice), []))!.Token);
        Assert.Equal(2, cache.Count);
        _ = Find(cache, new FakeToken(new TokenKey(6, 7, 1, NtVault.Bob), []));
        Assert.Equal(2, cache.Count);
        _ = Find(cache, alice);
        Assert.Equal(2, alice.GroupReads);
    }

    [Fact]
    public void A_token_that_cannot_be_read_gives_no_requestor()
    {
        var cache = new RequestorCache();
        Assert.Null(Find(cache, new FakeToken(null, [])));
        Assert.Null(Find(cache, new FakeToken(new TokenKey(5, 1, 1, NtVault.Alice), null)));
        Assert.Equal(0, cache.Count);
    }

    [Theory]
    [InlineData(TokenLevel.Anonymous, false)]
    [InlineData(TokenLevel.Identification, false)]
    [InlineData(TokenLevel.Impersonation, true)]
    [InlineData(TokenLevel.Delegation, true)]
    [InlineData(TokenLevel.Primary, true)]
    public void A_token_that_may_only_tell_who_it_is_asks_for_nothing(TokenLevel level, bool served)
    {
        var cache = new RequestorCache();
        var key = new TokenKey(5, 7, 1, NtVault.Alice);
        Assert.NotNull(Find(cache, new FakeToken(key, []))); // the same number, seen before at a level that is served
        var token = new FakeToken(key, [], level);
        Assert.Equal(served ? NtStatus.Success : NtStatus.BadImpersonationLevel, cache.Find(token, 1, "", out Requestor? requestor));
        Assert.Equal(served, requestor is not null);
        Assert.Equal(0, token.GroupReads);
    }

    private static Requestor? Find(RequestorCache cache, FakeToken token, int pid = 1, string executable = "")
    {
        NtStatus status = cache.Find(token, pid, executable, out Requestor? requestor);
        Assert.Equal(requestor is null ? NtStatus.AccessDenied : NtStatus.Success, status);
        return requestor;
    }
}

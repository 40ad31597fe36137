using System;
using SecureVault.Fuse.Mount;
using Xunit;

namespace SecureVault.Tests.Fuse.Mount;

public sealed class MountRightsTests
{
    private const string All = "000001ffffffffff", Docker = "00000000a80425fb";

    [Theory]
    [InlineData(All, "0", true, "")]
    [InlineData(All, "1", true, "")]
    [InlineData("0000000000000000", "0", false, "")]
    [InlineData(Docker, "0", true, "CAP_SYS_ADMIN")]
    [InlineData("0000000000000000", "1", false, "no_new_privs")]
    public void What_stands_in_the_way_is_named(string rights, string privileges, bool isRoot, string named)
    {
        string missing = MountRights.Missing($"Name:\tsecurevault\nCapInh:\t0000000000000000\nCapEff:\t{rights}\nNoNewPrivs:\t{privileges}\nSeccomp:\t2\n", isRoot);
        Assert.Equal(named.Length == 0, missing.Length == 0);
        Assert.Contains(named, missing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_that_does_not_say_stands_in_nobodys_way() => Assert.Equal("", MountRights.Missing("Name:\tsecurevault\n", isRoot: true));
}

using System;
using SecureVault.Service.Kernels;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class DriveLetterTests
{
    [Theory]
    [InlineData("x", "X:")]
    [InlineData("X:", "X:")]
    [InlineData("x:\\", "X:")]
    [InlineData("X:/", "X:")]
    [InlineData("a:", "A:")]
    public void One_letter_has_one_spelling(string given, string place)
    {
        Assert.True(DriveLetter.Choose(given, "CZ", out string chosen).IsOk);
        Assert.Equal(place, chosen);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("\\")]
    [InlineData("XY:")]
    [InlineData("1:")]
    [InlineData("\u00c4:")]
    [InlineData("X:\\folder")]
    [InlineData("C:\\mount")]
    [InlineData("\\\\server\\share")]
    [InlineData("X::\\\\")]
    public void Anything_else_is_refused_and_named(string given)
    {
        VaultResult result = DriveLetter.Choose(given, "C", out string place);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains("not a drive letter", result.Message, StringComparison.Ordinal);
        Assert.Empty(place);
    }

    [Fact]
    public void A_letter_in_use_is_refused()
    {
        VaultResult result = DriveLetter.Choose("c:", "CZ", out string place);
        Assert.Contains("C: is taken", result.Message, StringComparison.Ordinal);
        Assert.Empty(place);
    }

    [Theory]
    [InlineData("C", "Z:")]
    [InlineData("CZYX", "W:")]
    [InlineData("ZYXWVUTSRQPONMLKJIHGFE", "D:")]
    public void Without_one_the_last_free_is_taken(string taken, string place)
    {
        Assert.True(DriveLetter.Choose(null, taken, out string chosen).IsOk);
        Assert.Equal(place, chosen);
    }

    [Fact]
    public void When_none_is_free_it_says_so_and_leaves_A_B_and_C_alone() =>
        Assert.Contains("No drive letter is free", DriveLetter.Choose(null, "ZYXWVUTSRQPONMLKJIHGFED", out _).Message, StringComparison.Ordinal);
}

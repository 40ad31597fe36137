using System;
using System.Text;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using Xunit;

namespace SecureVault.Tests.Policy;

/// <summary>Which names are taken, and what a document that holds them says to builds from before.</summary>
public sealed class PolicyNameTests
{
    [Theory]
    [InlineData("j.doe@firm")]
    [InlineData(@"FIRM\jdoe")]
    [InlineData("R&D")]
    [InlineData("Human Resources")]
    [InlineData("O'Brien")]
    [InlineData("'t Hooft")]
    [InlineData("C++ & #1 (EMEA)")]
    [InlineData("svc$")]
    [InlineData("研发 & 测试")]
    public void Names_that_firms_have_are_taken_everywhere(string name)
    {
        PolicyDocument policy = PolicyDocument.Initial();
        policy = Made(policy.AddDepartment($"{name}/{name}"));
        policy = Made(policy.AddUser(name, 1001, null, null, EncryptionMode.Mandatory));
        policy = Made(policy.AddGroup($"{name} 2", 50, null));
        policy = Made(policy.SetLevels(["public", $"secret={name}"]));
        policy = Made(policy.GrantUser(name.ToUpperInvariant(), $"{name}/{name}:{name}:{name}", AccessMode.Plaintext, null));
        byte[] json = policy.ToJson();
        Assert.StartsWith("{\"format\":3,", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.True(PolicyDocument.TryParse(json, out PolicyDocument? again));
        Assert.Equal(json, again!.ToJson());
        Assert.True(again.TryResolve($"{name}/{name}:secret:{name}", out Label? label, out _));
        Assert.True(Label.TryParse(label!.ToString(), out Label? parsed));
        Assert.Equal(label, parsed);
    }

    [Theory]
    [InlineData(" a", "begins or ends with a blank")]
    [InlineData("a ", "begins or ends with a blank")]
    [InlineData("a  b", "two blanks")]
    [InlineData("a\u00a0b", "not the usual one (U+00A0)")]
    [InlineData("a\u3000b", "not the usual one (U+3000)")]
    [InlineData("a\tb", "control character (U+0009)")]
    [InlineData("a\u001bb", "control character (U+001B)")]
    [InlineData("a\u0085b", "control character (U+0085)")]
    [InlineData("a\u202eb", "turns the direction of what follows (U+202E)")]
    [InlineData("a\u200bb", "not seen")]
    [InlineData("O\u2019Brien", "type ' instead")]
    [InlineData("a\u2013b", "type - instead")]
    [InlineData("-rf", "takes it for an option")]
    [InlineData("@a", "begins with '@'")]
    [InlineData(".", "begins with '.'")]
    [InlineData("a:b", "between department, level and compartment")]
    [InlineData("a,b", "names in a list")]
    [InlineData("a=b", "a level and its aliases")]
    [InlineData("a*", "every compartment")]
    [InlineData("a?b", "none of the characters that names have")]
    [InlineData("a\"b", "none of the characters that names have")]
    [InlineData("a\u2603", "U+2603 is no letter")]
    [InlineData("\u0301a", "begins with a mark")]
    [InlineData("e\u0301", "NFC")]
    public void What_is_refused_says_why(string name, string reason)
    {
        Assert.Contains(reason, PolicyDocument.Initial().AddUser(name, null, null, null, EncryptionMode.Mandatory).Error, StringComparison.Ordinal);
        Assert.Contains(reason, PolicyDocument.Initial().AddDepartment(name).Error, StringComparison.Ordinal);
        Assert.Contains(reason, PolicyDocument.Initial().AddGroup(name, null, null).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_differ_in_case_alone_stay_one_name()
    {
        PolicyDocument policy = Made(PolicyDocument.Initial().AddUser(@"FIRM\jdoe", 1, null, null, EncryptionMode.Mandatory));
        Assert.Contains("exists already", policy.AddUser(@"firm\JDoe", 2, null, null, EncryptionMode.Mandatory).Error, StringComparison.Ordinal);
        Assert.Equal(@"FIRM\jdoe", policy.FindUser(@"Firm\JDOE")!.Name);
    }

    [Fact]
    public void A_document_says_the_least_format_that_can_hold_it()
    {
        PolicyDocument plain = Made(PolicyDocument.Initial().AddUser("j.doe_2-x", 1, null, null, EncryptionMode.Mandatory));
        Assert.Equal(1, FormatOf(plain));
        Assert.Equal(2, FormatOf(plain.WithLabelsChanged(1, 1)));
        PolicyDocument wide = Made(plain.ChangeUser("j.doe_2-x", u => u with { Name = "j.doe@firm" }));
        Assert.Equal(3, FormatOf(wide));
        Assert.Equal(3, FormatOf(wide.WithLabelsChanged(1, 1)));
        Assert.Equal(1, FormatOf(Made(wide.RemoveUser("j.doe@firm"))));
    }

    [Fact]
    public void A_format_that_does_not_fit_its_names_is_refused_and_a_later_one_is_told_from_damage()
    {
        string wide = Encoding.UTF8.GetString(Made(PolicyDocument.Initial().AddDepartment("R&D")).ToJson());
        foreach (string format in new[] { "1", "2", "4", "5" })
        {
            byte[] json = Encoding.UTF8.GetBytes(wide.Replace("\"format\":3", $"\"format\":{format}", StringComparison.Ordinal));
            Assert.False(PolicyDocument.TryParse(json, out _));
            Assert.Equal(format == "5", PolicyDocument.IsOfLaterFormat(json));
        }

        string plain = Encoding.UTF8.GetString(PolicyDocument.Initial().ToJson());
        Assert.False(PolicyDocument.TryParse(Encoding.UTF8.GetBytes(plain.Replace("\"format\":1", "\"format\":3", StringComparison.Ordinal)), out _));
        Assert.False(PolicyDocument.IsOfLaterFormat("garbage"u8));
    }

    private static int FormatOf(PolicyDocument policy) => Encoding.UTF8.GetString(policy.ToJson())["{\"format\":".Length] - '0';

    private static PolicyDocument Made(PolicyEdit edit)
    {
        Assert.Null(edit.Error);
        return edit.Policy!;
    }
}

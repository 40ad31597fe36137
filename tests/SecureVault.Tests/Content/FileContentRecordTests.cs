using System.Linq;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Tests.Format;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>What the state record says of a file besides its size: key and names.</summary>
public sealed class FileContentRecordTests
{
    [Fact]
    public void Relabelling_while_the_file_is_open_changes_the_key_and_nothing_else()
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(9000, 2);
        vault.Make("f", plain);
        using (FileContent content = vault.Open("f"))
        {
            using (var other = vault.Handle("f"))
            {
                Ok(Rewrapping.Run(vault.Context.Store, other, vault.Context.HeaderKey, vault.Context.Keys, SecondKey, out bool changed));
                Assert.True(changed);
                Ok(Rewrapping.Run(vault.Context.Store, other, vault.Context.HeaderKey, vault.Context.Keys, SecondKey, out changed));
                Assert.False(changed);
            }

            Assert.Equal(FirstKey, content.KeyId);
            Ok(content.RefreshKeyId());
            Assert.Equal(SecondKey, content.KeyId);
            Assert.Equal(plain, ReadAll(content));
            Ok(content.Truncate(0));
            Assert.Equal(SecondKey, content.KeyId);
            Write(content, 0, plain);
            Ok(Rewrapping.Run(vault.Context.Store, content.Handle, vault.Context.HeaderKey, vault.Context.Keys, FirstKey, out _));
            Ok(content.RefreshKeyId());
            Ok(content.Commit(durable: false));
        }

        using FileContent reopened = vault.Open("f");
        Assert.Equal(FirstKey, reopened.KeyId);
        Assert.Equal(plain, ReadAll(reopened));
    }

    [Fact]
    public void Names_are_recorded_in_clean_and_in_open_files()
    {
        using var vault = new ContentVault();
        vault.Make("f", [1, 2]);
        using (FileContent content = vault.Open("f"))
        {
            Ok(content.SetName(new NameTag(Samples.Id(5)), SomeName, manyNames: false, []));
            Assert.False(content.NeedsCommit);
            Write(content, 1, [9]);
            Ok(content.SetName(new NameTag(Samples.Id(6)), new NameTag(Samples.Id(5)), manyNames: true, []));
        }

        using FileContent reopened = vault.Open("f");
        Assert.Equal([true, true, true, false], new[] { new NameTag(Samples.Id(6)), new NameTag(Samples.Id(5)), SomeName, new NameTag(Samples.Id(7)) }.Select(reopened.MayBe));
        Assert.Equal([1, 9], ReadAll(reopened));
    }
}

using System;
using System.Linq;
using SecureVault.Crypto;
using Xunit;

namespace SecureVault.Tests.Crypto;

public sealed class SigningKeyTests
{
    private static readonly byte[] Message = [.. "an audit checkpoint"u8];

    [Fact]
    public void A_signature_verifies_and_no_changed_bit_does()
    {
        using var key = SigningKey.Generate();
        byte[] point = key.PublicPoint(), message = [.. Message], signature = new byte[SigningKey.SignatureSize];
        key.Sign(message, signature);
        Assert.True(SigningKey.Verify(point, message, signature));
        foreach (byte[] part in new[] { point, message, signature })
        {
            for (int i = 0; i < part.Length; i++)
            {
                part[i] ^= 0x10;
                Assert.False(SigningKey.Verify(point, message, signature));
                part[i] ^= 0x10;
            }
        }
    }

    [Fact]
    public void An_exported_scalar_imports_to_the_same_pair()
    {
        using var key = SigningKey.Generate();
        byte[] scalar = new byte[SigningKey.ScalarSize], signature = new byte[SigningKey.SignatureSize];
        key.ExportPrivate(scalar);
        Assert.True(SigningKey.TryImport(scalar, out SigningKey? again));
        using (again)
        {
            Assert.Equal(key.PublicPoint(), again!.PublicPoint());
            again.Sign(Message, signature);
            Assert.True(SigningKey.Verify(key.PublicPoint(), Message, signature));
        }
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", true)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", true)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", false)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    [InlineData("01", false)]
    public void Only_a_scalar_between_zero_and_the_order_imports(string scalar, bool isInRange)
    {
        Assert.Equal(isInRange, SigningKey.TryImport(Convert.FromHexString(scalar), out SigningKey? key));
        Assert.Equal(isInRange, key is not null);
        key?.Dispose();
    }

    [Fact]
    public void Malformed_points_and_signatures_do_not_verify()
    {
        using var key = SigningKey.Generate();
        byte[] point = key.PublicPoint(), signature = new byte[SigningKey.SignatureSize];
        key.Sign(Message, signature);
        Assert.False(SigningKey.Verify(point.AsSpan(0, 64), Message, signature));
        Assert.False(SigningKey.Verify(point, Message, signature.AsSpan(0, 63)));
        Assert.False(SigningKey.Verify([], Message, []));
        Assert.False(SigningKey.Verify(new byte[65], Message, signature));
        Assert.False(SigningKey.Verify([4, .. new byte[64]], Message, signature));
        Assert.False(SigningKey.Verify([4, .. Enumerable.Repeat((byte)0xFF, 64)], Message, signature));
        Assert.False(SigningKey.Verify(point, Message, new byte[64]));
    }

    [Fact]
    public void Eight_threads_sign_with_one_key()
    {
        using var key = SigningKey.Generate();
        byte[] point = key.PublicPoint();
        SideBySide.Run(8, thread =>
        {
            byte[] signature = new byte[SigningKey.SignatureSize], message = [(byte)thread];
            for (int i = 0; i < 50; i++)
            {
                key.Sign(message, signature);
                Assert.True(SigningKey.Verify(point, message, signature));
            }
        });
    }
}

using System;
using SecureVault.Fuse.Operations;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Fuse.Operations;

public sealed class ErrnoMapTests
{
    [Theory]
    [InlineData(VaultStatus.Ok, 0)]
    [InlineData(VaultStatus.NotFound, 2)]
    [InlineData(VaultStatus.Exists, 17)]
    [InlineData(VaultStatus.NotDirectory, 20)]
    [InlineData(VaultStatus.IsDirectory, 21)]
    [InlineData(VaultStatus.NotEmpty, 39)]
    [InlineData(VaultStatus.Denied, 13)]
    [InlineData(VaultStatus.NotPermitted, 1)]
    [InlineData(VaultStatus.Corrupt, 5)]
    [InlineData(VaultStatus.InputOutput, 5)]
    [InlineData(VaultStatus.NoSpace, 28)]
    [InlineData(VaultStatus.NameTooLong, 36)]
    [InlineData(VaultStatus.Invalid, 22)]
    [InlineData(VaultStatus.NotSupported, 95)]
    [InlineData(VaultStatus.ReadOnly, 30)]
    [InlineData(VaultStatus.TooLarge, 27)]
    [InlineData(VaultStatus.NoAttribute, 61)]
    [InlineData(VaultStatus.Range, 34)]
    [InlineData(VaultStatus.BadHandle, 9)]
    [InlineData(VaultStatus.NoSuchOffset, 6)]
    [InlineData(VaultStatus.TooManyLinks, 31)]
    [InlineData(VaultStatus.CrossDevice, 18)]
    [InlineData(VaultStatus.Busy, 16)]
    [InlineData(VaultStatus.TooManyOpen, 23)]
    [InlineData(VaultStatus.Stale, 116)]
    public void Each_status_has_its_errno(VaultStatus status, int errno) => Assert.Equal(errno, ErrnoMap.ToErrno(status));

    [Fact]
    public void Every_member_is_mapped_to_what_the_kernel_accepts()
        => Assert.All(Enum.GetValues<VaultStatus>(), s => Assert.InRange(ErrnoMap.ToErrno(s), s == VaultStatus.Ok ? 0 : 1, s == VaultStatus.Ok ? 0 : 511));

    [Fact]
    public void A_value_outside_the_enum_is_a_bug() => Assert.Throws<ArgumentOutOfRangeException>(() => ErrnoMap.ToErrno((VaultStatus)200));
}

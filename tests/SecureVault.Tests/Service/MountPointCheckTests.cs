using System;
using System.IO;
using SecureVault.Service.Kernels;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class MountPointCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MountPointCheckTests()
    {
        Directory.CreateDirectory(_folder["vault/inside"]);
        Directory.CreateDirectory(_folder["empty"]);
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(_folder["full/.hidden"], "");
        File.CreateSymbolicLink(_folder["link"], _folder["empty"]);
        File.CreateSymbolicLink(_folder["vault-link"], _folder["vault/inside"]);
        Directory.CreateDirectory(_folder["around/vault"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("empty")]
    [InlineData("link")]
    [InlineData("link/")]
    [InlineData("vault/../empty")]
    public void An_empty_folder_will_do_and_links_are_resolved(string place)
    {
        Assert.True(MountPointCheck.Check(_folder["vault"], _folder[place], out string vault, out string real).IsOk);
        Assert.Equal(_folder["vault"], vault);
        Assert.Equal(_folder["empty"], real);
    }

    [Theory]
    [InlineData("missing", "mkdir")]
    [InlineData("full/.hidden", "not a folder")]
    [InlineData("full/.hidden/below", "not a folder")]
    [InlineData("full", "not empty")]
    [InlineData("vault/inside", "inside the vault")]
    [InlineData("vault-link", "inside the vault")]
    [InlineData("vault", "hidden by its own drive")]
    public void Other_places_are_refused_with_the_reason(string place, string reason)
    {
        VaultResult result = MountPointCheck.Check(_folder["vault"], _folder[place], out _, out _);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains(reason, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vault_inside_its_mount_point_is_refused()
    {
        VaultResult result = MountPointCheck.Check(_folder["around/vault"], _folder["around"], out _, out _);
        Assert.Contains("hidden by its own drive", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_neighbour_whose_name_begins_the_same_is_not_inside()
    {
        Directory.CreateDirectory(_folder["vault2"]);
        Assert.True(MountPointCheck.Check(_folder["vault"], _folder["vault2"], out _, out _).IsOk);
    }

    [Fact]
    public void A_missing_vault_is_said_first() =>
        Assert.Equal(VaultError.NotAVault, MountPointCheck.Check(_folder["nowhere"], _folder["empty"], out _, out _).Error);
}

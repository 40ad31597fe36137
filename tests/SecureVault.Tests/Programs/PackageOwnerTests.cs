using System;
using System.IO;
using SecureVault.Service.Programs;
using SecureVault.Tests.Service;
using Xunit;

namespace SecureVault.Tests.Programs;

/// <summary>The package a file came with: of this machine where it is a Debian, and by tools of the test's own.</summary>
public sealed class PackageOwnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_program_of_this_machine_has_a_package_whose_digest_holds()
    {
        bool missing = !File.Exists("/usr/bin/dpkg-query");
        Assert.False(missing && Environment.GetEnvironmentVariable("SECUREVAULT_REQUIRE") == "all", "dpkg-query is not installed, and SECUREVAULT_REQUIRE=all");
        Skip.If(missing, "dpkg-query is not installed");
        PackageOwner owner = PackageOwner.Of("/usr/bin/sleep")!;
        Assert.Equal("coreutils", owner.Name);
        Assert.NotEmpty(owner.Version);
        Assert.True(owner.Holds);
    }

    [Fact]
    public void A_file_of_no_package_has_none()
    {
        File.WriteAllText(_folder["x"], "");
        Assert.Null(PackageOwner.Of(_folder["x"]));
        Assert.Null(PackageOwner.Of("/nowhere"));
        Assert.Null(PackageOwner.Of("relative"));
        Assert.Null(PackageOwner.Of("/usr/bin/slee?"));
    }

    [Fact]
    public void Without_tools_there_is_none() => Assert.Null(new PackageTools(_folder["no"], _folder.Path, _folder["no"], Patience.Long).OwnerOf("/usr/bin/sleep"));

    [Theory]
    [InlineData("5d41402abc4b2a76b9719d911017c592", true)] // of "hello"
    [InlineData("5d41402abc4b2a76b9719d911017c593", false)]
    [InlineData("", null)]
    public void Debian_s_digest_is_compared(string digest, bool? holds)
    {
        File.WriteAllText(_folder["program"], "hello");
        File.WriteAllText(_folder["office.md5sums"], digest.Length == 0 ? "" : $"{digest}  {_folder["program"][1..]}\n");
        string dpkg = Tool("dpkg", $"case $1 in -S) echo 'diversion by x from: /y'; echo 'office:amd64: {_folder["program"]}';; -W) printf 1:2.3-4;; esac");
        Assert.Equal(new PackageOwner("office", "1:2.3-4", holds), new PackageTools(dpkg, _folder.Path, _folder["no"], Patience.Long).OwnerOf(_folder["program"]));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("S.5....T.    {0}", false)]
    [InlineData("missing     {0}", false)]
    [InlineData(".......T.  c {0}", true)]
    [InlineData("S.5....T.    /another", true)]
    public void Rpm_s_verdict_is_read(string line, bool holds)
    {
        string path = _folder["program"];
        string rpm = Tool("rpm", $"case $1 in -qf) printf 'office\\t2.3-4\\n';; -V) echo '{line.Replace("{0}", path, StringComparison.Ordinal)}'; exit 1;; esac");
        Assert.Equal(new PackageOwner("office", "2.3-4", holds), new PackageTools(_folder["no"], _folder.Path, rpm, Patience.Long).OwnerOf(path));
    }

    [Fact]
    public void A_tool_that_hangs_fails_or_talks_nonsense_is_no_owner()
    {
        string hangs = Tool("hangs", "exec sleep 3600"), fails = Tool("fails", "echo oops >&2; exit 2"), nonsense = Tool("nonsense", "head -c 100000 /dev/zero");
        Assert.Null(new PackageTools(hangs, _folder.Path, fails, TimeSpan.FromMilliseconds(50)).OwnerOf("/bin/sleep"));
        Assert.Null(new PackageTools(fails, _folder.Path, nonsense, Patience.Long).OwnerOf("/bin/sleep"));
        File.WriteAllText(_folder["none"], "no program");
        Assert.Null(new PackageTools(_folder["none"], _folder.Path, _folder["none"], Patience.Long).OwnerOf("/bin/sleep"));
    }

    private string Tool(string name, string code)
    {
        string text = $"{_folder[name]}.text";
        File.WriteAllText(text, $"#!/bin/sh\n{code}\n");
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Child.Copy(text, _folder[name]);
        return _folder[name];
    }
}

using System;
using System.Globalization;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>A policy changes while a drive is in use: names, numbers and ends count from the next open on.</summary>
public sealed class UpkeepTests
{
    [SkippableFact]
    public void What_is_renamed_and_who_is_changed_counts_at_the_next_open()
    {
        Require.Mounts();
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        using var carol = new Actor(Drive.Carol);
        string file = drive.Payroll + "/q3";
        alice.Write(file, "pay");
        Programs.Done("department", "rename", drive.Vault, "finance", "Finance & Tax");
        Programs.Done("level", "rename", drive.Vault, "secret", "restricted");
        Programs.Done("user", "rename", drive.Vault, "alice", @"FIRM\alice");
        Assert.Equal("pay", alice.Read(file));
        Assert.Equal("ok 3", alice.Write(drive.Payroll + "/q4", "new"));
        Assert.Equal("EACCES", carol.Read(file));
        Assert.Contains("Finance & Tax:restricted", Programs.Done("label", "show", drive.Vault, "/Payroll/q4"), StringComparison.Ordinal);
        Programs.Done("user", "set", drive.Vault, "carol", "--uid", "none");
        Programs.Done("user", "set", drive.Vault, @"firm\ALICE", "--uid", Drive.Carol.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("EACCES", alice.Read(file));
        Assert.Equal("pay", carol.Read(file));
        Programs.Done("user", "set", drive.Vault, @"FIRM\alice", "--expires", "2020-01-01");
        Assert.Equal("EACCES", carol.Read(file));
        Assert.Contains(@"""user"": ""FIRM\\alice""", Programs.Done("audit", "show", drive.Vault, "--user", @"firm\alice", "--path", "/Payroll", "--denied", "--last", "1", "--json"), StringComparison.Ordinal);
        drive.Settle();
        Assert.Equal("EACCES", carol.Read(file));
        Programs.Done("audit", "verify", drive.Vault);
        Programs.Done("verify", drive.Vault);
    }
}

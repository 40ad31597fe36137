using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The second reader, in Python and written from FORMAT.md, agrees with the drive.</summary>
public sealed class ReaderTests
{
    private static string Reader => Programs.Repository + "/tests/reader/read_vault.py";

    private static string Sample => Programs.Repository + "/tests/vaults/v1";

    [SkippableFact]
    public void It_decrypts_the_frozen_sample_vault()
    {
        Require.Tool("python3");
        foreach (string line in File.ReadAllLines(Sample + "/expected.txt").Where(l => l.Length > 0))
        {
            string[] parts = line.Split("  ", 2);
            Ended ended = Programs.Shell($"python3 '{Reader}' '{Sample}/vault' '{Sample}/passphrase' cat '{parts[1]}' | sha256sum");
            Assert.True(ended.Output.StartsWith(parts[0], StringComparison.Ordinal), parts[1] + ": " + ended.Error);
        }
    }

    [SkippableFact]
    public void It_decrypts_what_a_drive_has_just_written()
    {
        Require.Mounts();
        Require.Tool("python3");
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        byte[] content = RandomNumberGenerator.GetBytes(200_001);
        File.WriteAllBytes(drive.Folder + "/plain", content);
        string name = new string('长', 80) + ".bin";
        alice.Run($"cat '{drive.Folder}/plain' > '{drive.Payroll}/{name}' && truncate -s 9M '{drive.Payroll}/{name}'");
        drive.Unmount();
        File.WriteAllText(drive.Folder + "/pass", Programs.Passphrase);
        Ended ended = Programs.Shell($"python3 '{Reader}' '{drive.Vault}' '{drive.Folder}/pass' cat '/Payroll/{name}' | sha256sum");
        byte[] expected = new byte[9 << 20];
        content.CopyTo(expected, 0);
        Assert.True(ended.Output.StartsWith(Convert.ToHexStringLower(SHA256.HashData(expected)), StringComparison.Ordinal), ended.Error);
    }
}

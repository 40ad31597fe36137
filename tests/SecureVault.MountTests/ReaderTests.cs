using System;
using System.IO;
using System.Security.Cryptography;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The second reader, in Python and written from FORMAT.md, agrees with the drive.</summary>
public sealed class ReaderTests
{
    private static string Reader => Programs.Repository + "/tests/reader/read_vault.py";

    public static TheoryData<string> Samples => ["v1", "v1-sm4"];

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public void It_decrypts_the_frozen_sample_vaults(string name)
    {
        Require.Tool("python3");
        string sample = $"{Programs.Repository}/tests/vaults/{name}";
        foreach (string line in File.ReadAllLines(sample + "/expected.txt"))
        {
            string[] parts = line.Split("  ", 2);
            Ended ended = Programs.Shell($"python3 '{Reader}' '{sample}/vault' '{sample}/passphrase' cat '{parts[1]}' | sha256sum");
            Assert.True(ended.Output.StartsWith(parts[0], StringComparison.Ordinal), parts[1] + ": " + ended.Error);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public void This_build_opens_the_frozen_sample_vaults(string name)
    {
        Require.Mounts();
        string sample = $"{Programs.Repository}/tests/vaults/{name}";
        string folder = Directory.CreateTempSubdirectory("securevault-frozen-").FullName;
        Programs.Shell($"cp -r '{sample}/vault' '{folder}/vault' && mkdir '{folder}/drive'");
        string passphrase = File.ReadAllText(sample + "/passphrase").TrimEnd('\n');
        Ended mounted = Programs.SecurevaultAs(passphrase, "mount", folder + "/vault", folder + "/drive");
        try
        {
            Assert.True(mounted.ExitCode == 0, mounted.Error);
            Ended check = Programs.Shell($"cd '{folder}/drive' && sed 's|  /|  |' '{sample}/expected.txt' | LC_ALL=C.UTF-8 sha256sum --check --quiet && readlink link");
            Assert.True(check.ExitCode == 0, check.Output + check.Error);
            Assert.Equal("Payroll/4097.txt\n", check.Output);
        }
        finally
        {
            Programs.Securevault("unmount", folder + "/drive");
            Directory.Delete(folder, recursive: true);
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

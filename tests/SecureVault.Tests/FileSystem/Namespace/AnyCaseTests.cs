using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SecureVault.Terms;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>Lookups that ignore case, against a list of names.</summary>
public sealed class AnyCaseTests(ITestOutputHelper output)
{
    private static readonly string[] Spellings = ["a", "A", "ab", "aB", "AB", "\u00E9t\u00E9", "\u00C9T\u00C9", "\u00DF", "\u0131", "\u62A5", "Ab", "i", "I"];

    [Fact]
    public void Lookups_agree_with_a_list_whatever_happened_to_the_folder_before()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var drive = new TestDrive();
        NodeId folder = drive.MakeDirectory("/d");
        var names = new HashSet<string>();
        for (int step = 0; step < 600; step++)
        {
            string name = Spellings[random.Next(Spellings.Length)];
            string other = Spellings[random.Next(Spellings.Length)];
            switch (random.Next(4))
            {
                case 0:
                    VaultStatus made = drive.Files.MakeNode(drive.Me, folder, Bytes(name), NodeKind.File, 0x1A4, 0, out _);
                    Assert.Equal(names.Add(name) ? VaultStatus.Ok : VaultStatus.Exists, made);
                    break;
                case 1:
                    Assert.Equal(names.Remove(name) ? VaultStatus.Ok : VaultStatus.NotFound, drive.Files.Unlink(drive.Me, folder, Bytes(name)));
                    break;
                case 2:
                    VaultStatus moved = drive.Files.Rename(drive.Me, folder, Bytes(name), folder, Bytes(other), RenameKind.Replace);
                    Assert.Equal(names.Contains(name) ? VaultStatus.Ok : VaultStatus.NotFound, moved);
                    if (names.Contains(name))
                    {
                        _ = names.Remove(name);
                        _ = names.Add(other);
                    }

                    break;
                default:
                    Check(drive, folder, names, name, $"seed {seed}, step {step}");
                    break;
            }
        }
    }

    [Fact]
    public void Names_that_are_no_text_are_found_by_their_bytes_only()
    {
        using var drive = new TestDrive();
        byte[] odd = [0x41, 0xFF];
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(drive.Me, NodeId.Root, odd, NodeKind.File, 0x1A4, 0, out _));
        byte[] spelled = new byte[255];
        Assert.Equal(VaultStatus.Ok, drive.Files.LookupAnyCase(NodeId.Root, [0x61, 0xFF], spelled, out int length, out _));
        Assert.Equal(odd, spelled[..length]);
        Assert.Equal(VaultStatus.NotFound, drive.Files.LookupAnyCase(NodeId.Root, [0x61, 0xFE], spelled, out _, out _));
        Assert.Equal(VaultStatus.NotFound, drive.Files.LookupAnyCase(NodeId.Root, [0x61, 0xEF, 0xBF, 0xBD], spelled, out _, out _));
    }

    [Fact]
    public void Making_many_files_does_not_list_the_folder_for_each()
    {
        using var drive = new TestDrive();
        byte[] spelled = new byte[255];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 3_000; i++)
        {
            byte[] name = Bytes($"file {i}");
            Assert.Equal(VaultStatus.NotFound, drive.Files.LookupAnyCase(NodeId.Root, name, spelled, out _, out _));
            Assert.Equal(VaultStatus.Ok, drive.Files.MakeNode(drive.Me, NodeId.Root, name, NodeKind.File, 0x1A4, 0, out NodeEntry entry));
            drive.Files.Forget(entry.Node, 1);
        }

        // A listing for each would keep 4.5 million names for a moment, some hundred bytes each.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60_000_000);
        Assert.Equal(VaultStatus.Ok, drive.Files.LookupAnyCase(NodeId.Root, "FILE 2999"u8, spelled, out _, out _));
    }

    private static void Check(TestDrive drive, NodeId folder, HashSet<string> names, string asked, string where)
    {
        string? expected = names.Contains(asked) ? asked
            : names.Where(n => Upper(n) == Upper(asked)).OrderBy(n => Convert.ToHexString(Bytes(n)), StringComparer.Ordinal).FirstOrDefault();
        byte[] spelled = new byte[255];
        VaultStatus status = drive.Files.LookupAnyCase(folder, Bytes(asked), spelled, out int length, out NodeEntry entry);
        Assert.True(status == (expected is null ? VaultStatus.NotFound : VaultStatus.Ok), $"{where}: {asked} {status}");
        if (expected is not null)
        {
            Assert.True(expected == Encoding.UTF8.GetString(spelled, 0, length), where);
            drive.Files.Forget(entry.Node, 1);
        }
    }

    private static string Upper(string name) => string.Concat(name.Select(char.ToUpperInvariant));

    private static byte[] Bytes(string name) => Encoding.UTF8.GetBytes(name);
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>Whatever is done to the stored bytes of a file: never other bytes, always EIO or a refused open.</summary>
public sealed class IntegrityTests(DriveFixture fixture) : IClassFixture<DriveFixture>
{
    private const int Block = 4096;

    private readonly Dictionary<string, string> _right = [];

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    public void Every_flipped_byte_is_refused(int size)
    {
        (string file, string stored, byte[] original) = Make(size);
        foreach (int at in Enumerable.Range(0, original.Length))
        {
            Refused(file, stored, Flipped(original, at), $"byte {at} of {original.Length}");
        }

        Intact(file, stored, original);
    }

    [SkippableFact]
    public void Flipped_bytes_of_a_large_file_are_refused()
    {
        (string file, string stored, byte[] original) = Make(10 << 20);
        int step = original.Length / 150;
        IEnumerable<int> places = Enumerable.Range(0, 150).Select(i => i * step).Concat([511, 512, original.Length - 1, original.Length - 17]);
        foreach (int at in places)
        {
            Refused(file, stored, Flipped(original, at), $"byte {at} of {original.Length}");
        }

        Intact(file, stored, original);
    }

    [SkippableFact]
    public void Cut_or_extended_at_any_edge_is_refused()
    {
        (string file, string stored, byte[] original) = Make((3 * Block) + 100);
        const int cipherBlock = Block + 28;
        int[] edges = [0, 1, 128, 511, 512, 512 + 12, 512 + cipherBlock, 512 + (2 * cipherBlock), 512 + (3 * cipherBlock), original.Length - 1];
        foreach (int length in edges)
        {
            Refused(file, stored, original[..length], $"cut to {length}");
        }

        foreach (int more in new[] { 1, 28, 29, cipherBlock })
        {
            Refused(file, stored, [.. original, .. new byte[more]], $"extended by {more} zero bytes");
            Refused(file, stored, [.. original, .. original[512..(512 + Math.Min(more, cipherBlock))]], $"extended by a copy of {more} bytes");
        }

        Intact(file, stored, original);
    }

    [SkippableFact]
    public void Blocks_and_headers_moved_zeroed_or_taken_from_elsewhere_are_refused()
    {
        (string file, string stored, byte[] original) = Make(4 * Block);
        (_, _, byte[] other) = Make(4 * Block);
        const int cipherBlock = Block + 28;
        Range One(int index) => new(512 + (index * cipherBlock), 512 + ((index + 1) * cipherBlock));
        byte[] With(params (Range Place, byte[] Bytes)[] changes)
        {
            byte[] changed = [.. original];
            foreach ((Range place, byte[] bytes) in changes)
            {
                bytes.CopyTo(changed.AsSpan(place));
            }

            return changed;
        }

        Refused(file, stored, With((One(0), original[One(1)]), (One(1), original[One(0)])), "two blocks swapped");
        Refused(file, stored, With((One(2), original[One(1)])), "a block repeated");
        Refused(file, stored, With((One(2), new byte[cipherBlock])), "a block zeroed");
        Refused(file, stored, With((One(2), other[One(2)])), "a block of another file");
        Refused(file, stored, With((..512, other[..512])), "the header of another file");
        Refused(file, stored, With((..128, other[..128])), "the key record of another file");
        Refused(file, stored, With((128..512, other[128..512])), "the state record of another file");
        Intact(file, stored, original);
    }

    [SkippableFact]
    public void A_block_of_the_file_before_it_was_rewritten_is_refused()
    {
        (string file, string stored, byte[] old) = Make(4 * Block);
        File.WriteAllBytes(fixture.Drive.Folder + "/new", RandomNumberGenerator.GetBytes(4 * Block));
        fixture.Alice.Run($"cat '{fixture.Drive.Folder}/new' > '{file}'");
        fixture.Drive.Settle();
        byte[] fresh = File.ReadAllBytes(stored);
        _right[file] = fixture.Alice.Do("fresh", file);
        byte[] mixed = [.. fresh];
        old.AsSpan(512 + Block + 28, Block + 28).CopyTo(mixed.AsSpan(512 + Block + 28));
        Refused(file, stored, mixed, "a block of the earlier content");
        Intact(file, stored, fresh);
    }

    [SkippableFact]
    public void A_hole_cannot_be_forged_and_a_real_one_reads_as_zeros()
    {
        string file = fixture.Drive.Payroll + "/sparse-" + Guid.NewGuid().ToString("N");
        string stored = fixture.Drive.StoredFilesMadeBy(() => fixture.Alice.Write(file, "start")).Single();
        Assert.Equal("ok 0", fixture.Alice.Do("truncate", file, "10737418240"));
        Assert.Equal("ok 3", fixture.Alice.Do("write", file, "rw", "end", "10737418237"));
        fixture.Drive.Settle();
        Assert.Equal("end", fixture.Alice.Read(file, 10737418237L));
        Assert.Equal(new string('\0', 10), fixture.Alice.Read(file, 5_000_000_000L, 10));
        Assert.True(long.Parse(Programs.Shell($"stat -c %b '{stored}'").Output, System.Globalization.CultureInfo.InvariantCulture) < 20_000, "growing the file wrote its holes out");
    }

    private (string File, string Stored, byte[] Bytes) Make(int size)
    {
        string file = fixture.Drive.Payroll + "/f-" + Guid.NewGuid().ToString("N");
        string plain = fixture.Drive.Folder + "/plain";
        File.WriteAllBytes(plain, RandomNumberGenerator.GetBytes(size));
        string stored = fixture.Drive.StoredFilesMadeBy(() => fixture.Alice.Run($"cat '{plain}' > '{file}'")).Single();
        fixture.Drive.Settle();
        Assert.Equal(Expected(), fixture.Alice.Do("fresh", file));
        _right[file] = Expected();
        return (file, stored, File.ReadAllBytes(stored));

        string Expected() => "ok " + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(plain)));
    }

    private static byte[] Flipped(byte[] original, int at)
    {
        byte[] changed = [.. original];
        changed[at] ^= 0x01;
        return changed;
    }

    private void Refused(string file, string stored, byte[] bytes, string what)
    {
        string right = _right[file];
        WriteInPlace(stored, bytes);
        string answer = right;

        // The kernel closes a file some time after its last descriptor: until then the header checked at its open counts.
        Patience.Until(() => (answer = fixture.Alice.Do("fresh", file)) != right, $"the end of what was read before, {what}");
        Assert.True(answer is "EIO", $"{what}: {answer}");
    }

    private void Intact(string file, string stored, byte[] original)
    {
        WriteInPlace(stored, original);
        Assert.StartsWith("ok ", fixture.Alice.Do("fresh", file), StringComparison.Ordinal);
    }

    private static void WriteInPlace(string stored, byte[] bytes)
    {
        using var stream = new FileStream(stored, FileMode.Open, FileAccess.Write);
        stream.Write(bytes);
        stream.SetLength(bytes.Length);
    }
}

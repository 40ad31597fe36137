using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Security;
using SecureVault.Dokan.Values;
using SecureVault.Policy;
using Xunit;

namespace SecureVault.Tests.Dokan.Security;

/// <summary>The descriptors, read back by a second reading of MS-DTYP 2.4.</summary>
public sealed class SecurityTests
{
    private const string Administrators = "S-1-5-32-544";

    [Fact]
    public void A_labelled_file_lists_whom_the_policy_grants_it()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:internal");
        vault.Put("\\F\\a", "x");
        vault.Under.Policy.Edit(p => p.AddUser("uidonly", 1234, null, null, EncryptionMode.Mandatory));
        vault.Under.Policy.Edit(p => p.GrantUser("uidonly", "finance:secret", AccessMode.Plaintext, null));
        Descriptor read = Read(vault, "\\F\\a", NtSecurityParts.Owner | NtSecurityParts.Group | NtSecurityParts.Dacl);
        Assert.Equal((Administrators, Administrators), (read.Owner, read.Group));
        Assert.Equal(
            [
                (NtVault.Alice, (uint)NtAccess.FileModify), (NtVault.Bob, (uint)NtAccess.FileReadAndExecute), (NtVault.Accounting, (uint)NtAccess.FileModify),
                ("S-1-1-0", (uint)(NtAccess.ReadAttributes | NtAccess.ReadControl | NtAccess.Synchronize)),
            ],
            read.Dacl);
        vault.Under.Policy.Edit(p => p.RevokeUser("bob", "finance:secret"));
        Assert.DoesNotContain(Read(vault, "\\F\\a", NtSecurityParts.Dacl).Dacl!, e => e.Sid == NtVault.Bob);
    }

    [Fact]
    public void An_unlabelled_object_is_everyones()
    {
        using var vault = new NtVault();
        vault.Put("\\a", "x");
        Descriptor read = Read(vault, "\\a", NtSecurityParts.Dacl);
        Assert.Equal([("S-1-1-0", (uint)NtAccess.FileAllAccess)], read.Dacl);
        Assert.Equal((null, null), (read.Owner, read.Group));
        Assert.Null(Read(vault, "\\", NtSecurityParts.Owner).Dacl);
    }

    [Fact]
    public void A_buffer_too_small_is_told_the_length_and_stays_as_it_was()
    {
        using var vault = new NtVault();
        NtHandle root = vault.Open("\\", NtAccess.ReadControl);
        byte[] small = new byte[19];
        Assert.Equal(NtStatus.BufferOverflow, vault.Drive.GetSecurity(root, NtSecurityParts.Dacl, small, out int needed));
        Assert.All(small, b => Assert.Equal(0, b));
        Assert.Equal(NtStatus.BufferOverflow, vault.Drive.GetSecurity(root, NtSecurityParts.Dacl, new byte[needed - 1], out _));
        Assert.Equal(NtStatus.Success, vault.Drive.GetSecurity(root, NtSecurityParts.Dacl, new byte[needed], out _));
        Assert.Equal(NtStatus.Success, vault.Drive.SetSecurity(root, NtSecurityParts.Dacl));
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.SetSecurity(root, NtSecurityParts.Sacl));
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.SetSecurity(root, NtSecurityParts.Dacl | NtSecurityParts.Sacl));
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.SetSecurity(root, NtSecurityParts.None));
        vault.End(root);
    }

    [Fact]
    public void Of_an_integrity_label_alone_or_of_auditing_there_is_a_descriptor_without_parts()
    {
        using var vault = new NtVault();
        vault.Put("\\a", "x");
        Descriptor empty = Read(vault, "\\a", NtSecurityParts.None);
        Assert.Equal((null, null, null), (empty.Owner, empty.Group, empty.Dacl));
        empty = Read(vault, "\\a", NtSecurityParts.Sacl);
        Assert.Equal((null, null, null), (empty.Owner, empty.Group, empty.Dacl));
    }

    [Fact]
    public void A_list_that_does_not_fit_is_cut_at_a_whole_entry()
    {
        Assert.True(SidBytes.TryParse(NtVault.Alice, out byte[] sid));
        var many = Enumerable.Repeat(new Allowed(sid, NtAccess.FileModify), 5_000).ToArray();
        Descriptor read = Parse(DescriptorBytes.Make(NtSecurityParts.Dacl, sid, sid, many, false));
        Assert.InRange(read.Dacl!.Count, 1_500, 2_000);
        Assert.All(read.Dacl, e => Assert.Equal(NtVault.Alice, e.Sid));
    }

    [Theory]
    [InlineData("S-1-5")]
    [InlineData("S-2-5-32-544")]
    [InlineData("S-1-5-x")]
    [InlineData("S-1-5-4294967296")]
    [InlineData("")]
    [InlineData("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16")]
    public void What_is_no_SID_is_refused(string text) => Assert.False(SidBytes.TryParse(text, out _));

    private static Descriptor Read(NtVault vault, string path, NtSecurityParts parts)
    {
        NtHandle handle = vault.Open(path, NtAccess.ReadControl);
        byte[] bytes = new byte[4096];
        Assert.Equal(NtStatus.Success, vault.Drive.GetSecurity(handle, parts, bytes, out int length));
        vault.End(handle);
        return Parse(bytes[..length]);
    }

    private static Descriptor Parse(byte[] bytes)
    {
        Assert.Equal(1, bytes[0]);
        ushort control = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2));
        Assert.True((control & 0x8000) != 0);
        int[] offsets = [.. Enumerable.Range(0, 4).Select(i => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 + 4 * i)))];
        Assert.Equal(0, offsets[2]);
        Assert.Equal((control & 0x0004) != 0, offsets[3] != 0);
        List<(string, uint)>? dacl = offsets[3] == 0 ? null : Entries(bytes.AsSpan(offsets[3]));
        return new Descriptor(offsets[0] == 0 ? null : Sid(bytes.AsSpan(offsets[0])), offsets[1] == 0 ? null : Sid(bytes.AsSpan(offsets[1])), dacl);
    }

    private static List<(string Sid, uint Access)> Entries(ReadOnlySpan<byte> list)
    {
        Assert.Equal(2, list[0]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(list[2..]);
        Assert.Equal(list.Length, size);
        var entries = new List<(string, uint)>();
        int at = 8;
        for (int i = BinaryPrimitives.ReadUInt16LittleEndian(list[4..]); i > 0; i--)
        {
            Assert.Equal(0, list[at]);
            entries.Add((Sid(list[(at + 8)..]), BinaryPrimitives.ReadUInt32LittleEndian(list[(at + 4)..])));
            at += BinaryPrimitives.ReadUInt16LittleEndian(list[(at + 2)..]);
        }

        Assert.Equal(size, at);
        return entries;
    }

    private static string Sid(ReadOnlySpan<byte> bytes)
    {
        string text = $"S-{bytes[0]}-{BinaryPrimitives.ReadUInt64BigEndian(bytes) & 0xFFFF_FFFF_FFFF}";
        for (int i = 0; i < bytes[1]; i++)
        {
            text += $"-{BinaryPrimitives.ReadUInt32LittleEndian(bytes[(8 + 4 * i)..])}";
        }

        return text;
    }

    private sealed record Descriptor(string? Owner, string? Group, List<(string Sid, uint Access)>? Dacl);
}

using System;
using System.Buffers.Binary;
using System.Linq;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Values;
using SecureVault.Policy.Audit;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Dokan.Operations;

/// <summary>Attributes and creation times that a mode and two times have no place for.</summary>
public sealed class KeptFactsTests
{
    private const NtAttributes All = NtAttributes.Hidden | NtAttributes.System | NtAttributes.NotContentIndexed;
    private static readonly NtTime Made = new(133_444_736_000_000_000);

    [Fact]
    public void What_is_set_is_told_by_handle_and_in_listings_and_stays_when_the_file_is_overwritten()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\d", "finance:secret");
        vault.Put("\\d\\f", "x");
        Set(vault, "\\d\\f", All, Made);
        Set(vault, "\\d", NtAttributes.Hidden | NtAttributes.ReadOnly, Made);
        NtFileInformation file = Info(vault, "\\d\\f");
        Assert.Equal((All, Made), (file.Attributes, file.Created));
        Assert.NotEqual(Made, file.Modified);
        Assert.Equal((NtAttributes.Directory | NtAttributes.Hidden | NtAttributes.ReadOnly, Made), (Info(vault, "\\d").Attributes, Info(vault, "\\d").Created));
        Assert.Equal((All, Made), (Listed(vault, "\\d", null).Attributes, Listed(vault, "\\d", "f").Created));
        vault.Put("\\d\\f", "changed", attributes: All);
        Assert.Equal((All | NtAttributes.Archive, Made), (Info(vault, "\\d\\f").Attributes, Info(vault, "\\d\\f").Created));
        Set(vault, "\\d\\f", NtAttributes.Normal, null);
        Assert.Equal(NtAttributes.Normal, Info(vault, "\\d\\f").Attributes);
    }

    [Fact]
    public void Linux_sees_them_as_one_extended_attribute_and_what_it_writes_there_is_told()
    {
        using var vault = new NtVault();
        vault.Put("\\f", "x");
        Set(vault, "\\f", All, Made);
        NodeId node = vault.Under.Node("/f");
        byte[] value = new byte[64];
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.GetXattr(vault.Under.Me, node, "user.windows"u8, value, out int length));
        Assert.Equal((12, (uint)All, Made.Ticks), (length, BinaryPrimitives.ReadUInt32LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(4))));
        BinaryPrimitives.WriteUInt32LittleEndian(value, uint.MaxValue);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(4), -1);
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.SetXattr(vault.Under.Me, node, "user.windows"u8, value.AsSpan(0, 12), false, false));
        NtFileInformation told = Info(vault, "\\f");
        Assert.Equal(All | NtAttributes.Archive, told.Attributes);
        Assert.True(told.Created.Ticks > Made.Ticks);
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.SetXattr(vault.Under.Me, node, "user.windows"u8, value.AsSpan(0, 11), false, false));
        Assert.Equal(NtAttributes.Archive, Info(vault, "\\f").Attributes);
    }

    [Fact]
    public void To_change_them_takes_the_right_to_write_and_to_see_them_none()
    {
        using var vault = new NtVault();
        vault.MakeFolder("\\d", "finance:secret");
        vault.Put("\\d\\f", "x");
        Set(vault, "\\d\\f", NtAttributes.Hidden, null);
        vault.Under.Audit.Clear();
        Assert.Equal(NtAttributes.Hidden, Info(vault, "\\d\\f", NtVault.Mallory).Attributes);
        Assert.Empty(vault.Under.Audit.Records);
        NtHandle handle = vault.Open("\\d\\f", NtAccess.WriteAttributes, user: NtVault.Bob);
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.SetAttributes(handle, NtAttributes.Normal));
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.SetTimes(handle, new NtTimes(Made, null, null)));
        vault.End(handle);
        Assert.All(vault.Under.Audit.Records, r => Assert.Equal((AuditEvent.Change, false, "bob"), (r.Event, r.Allowed, r.User)));
        Assert.Equal(2, vault.Under.Audit.Records.Count(r => !r.Allowed));
        Assert.Equal(NtAttributes.Hidden, Info(vault, "\\d\\f").Attributes);
    }

    [Fact]
    public void A_hidden_file_is_overwritten_by_who_knows_it_and_a_new_one_is_as_it_was_asked_for()
    {
        using var vault = new NtVault();
        vault.Put("\\f", "hidden", attributes: NtAttributes.Hidden);
        Assert.Equal(NtAttributes.Hidden | NtAttributes.Archive, Info(vault, "\\f").Attributes);
        Assert.Equal(NtStatus.AccessDenied, vault.Create("\\f", NtAccess.GenericWrite, out _, NtDisposition.OverwriteIf));
        Assert.Equal("hidden", vault.Get("\\f"));
        vault.Put("\\f", "known", attributes: NtAttributes.Hidden);
        Assert.Equal("known", vault.Get("\\f"));
    }

    private static void Set(NtVault vault, string path, NtAttributes attributes, NtTime? created)
    {
        NtHandle handle = vault.Open(path, NtAccess.WriteAttributes);
        Assert.Equal(NtStatus.Success, vault.Drive.SetAttributes(handle, attributes));
        Assert.Equal(NtStatus.Success, vault.Drive.SetTimes(handle, new NtTimes(created, null, null)));
        vault.End(handle);
    }

    private static NtFileInformation Info(NtVault vault, string path, string user = NtVault.Alice)
    {
        NtHandle handle = vault.Open(path, NtAccess.ReadAttributes, user: user);
        Assert.Equal(NtStatus.Success, vault.Drive.GetInformation(handle, out NtFileInformation told));
        vault.End(handle);
        return told;
    }

    private static NtFileInformation Listed(NtVault vault, string path, string? pattern)
    {
        NtHandle folder = vault.Open(path, NtAccess.ReadData);
        var sink = new NtEntries();
        Assert.Equal(NtStatus.Success, vault.Drive.List(folder, pattern, sink));
        vault.End(folder);
        return Assert.Single(sink.Entries);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.FileSystem.Contract;

/// <summary>What the engine does over this system's own store, whichever that is: one method a case, each with an empty folder for its vault.</summary>
public sealed class EngineContract(string folder) : ITrustAnchor, ICallerDirectory
{
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("correct horse");
    private static readonly ScryptCost Cheap = new(1 << 10, 8, 1);
    private static readonly Caller Me = new(0, 0, Environment.ProcessId);
    private static readonly string[] Names = ["plain.txt", new string('n', 255), "\u5de5\u8d44\u8868 2026.xlsx", new string('\u5bc6', 85), "CON", "trailing. ", "a:b*c?.txt"];
    private TrustedState _remembered = new(0, 0, "");

    public void Files_of_every_edge_size_survive_closing_and_opening()
    {
        int[] sizes = [0, 1, 4095, 4096, 4097, 8192, 100_000];
        Make();
        InSession(files =>
        {
            NodeId below = Directory(files, NodeId.Root, "folder");
            foreach (int size in sizes)
            {
                Write(files, below, $"size {size}", Content(size));
            }
        });
        InSession(files =>
        {
            NodeId below = Find(files, NodeId.Root, "folder");
            foreach (int size in sizes)
            {
                Assert.True(Read(files, Find(files, below, $"size {size}")).AsSpan().SequenceEqual(Content(size)), $"{size}");
            }
        });
        Verify(files: sizes.Length);
    }

    public void Names_are_kept_listed_renamed_and_removed()
    {
        Make();
        InSession(files =>
        {
            foreach (string name in Names)
            {
                Write(files, NodeId.Root, name, Encoding.UTF8.GetBytes(name));
            }

            Assert.Equal(Names.Order(StringComparer.Ordinal), List(files, NodeId.Root));
            NodeId other = Directory(files, NodeId.Root, new string('d', 200));
            foreach (string name in Names)
            {
                Ok(files.Rename(Me, NodeId.Root, Encoding.UTF8.GetBytes(name), other, Encoding.UTF8.GetBytes(name), RenameKind.Replace));
            }

            Ok(files.Rename(Me, other, "plain.txt"u8, other, Encoding.UTF8.GetBytes(Names[1]), RenameKind.Replace));
            Assert.Equal("plain.txt", Encoding.UTF8.GetString(Read(files, Find(files, other, Names[1]))));
            Assert.Equal(VaultStatus.NotEmpty, files.RemoveDirectory(Me, NodeId.Root, Encoding.UTF8.GetBytes(new string('d', 200))));
        });
        InSession(files =>
        {
            NodeId other = Find(files, NodeId.Root, new string('d', 200));
            Assert.Equal(Names.Skip(1).Order(StringComparer.Ordinal), List(files, other));
            foreach (string name in Names.Skip(1))
            {
                Ok(files.Unlink(Me, other, Encoding.UTF8.GetBytes(name)));
            }

            Assert.Empty(List(files, other));
            Ok(files.RemoveDirectory(Me, NodeId.Root, Encoding.UTF8.GetBytes(new string('d', 200))));
            Assert.Empty(List(files, NodeId.Root));
        });
        Verify(files: 0);
    }

    public void Overwriting_cutting_growing_and_holes_are_right()
    {
        Make();
        byte[] expected = Content(300_000);
        InSession(files =>
        {
            NodeId node = Write(files, NodeId.Root, "f", expected);
            Ok(files.Open(Me, node, OpenIntent.Read | OpenIntent.Write, out OpenFile? file, out _));
            Ok(file!.Write(5_000, "overwritten"u8, out _));
            "overwritten"u8.CopyTo(expected.AsSpan(5_000));
            Ok(file.Allocate(AllocateKind.PunchHole, 100_000, 100_000));
            Array.Clear(expected, 100_000, 100_000);
            Ok(file.Sync(dataOnly: false));
            Resize(files, node, file, 250_001);
            Resize(files, node, file, 10L << 30);
            Ok(file.Write((10L << 30) - 3, "end"u8, out _));
            file.Release();
        });
        InSession(files =>
        {
            NodeId node = Find(files, NodeId.Root, "f");
            Ok(files.GetAttributes(node, out NodeAttributes attributes));
            Assert.Equal(10L << 30, attributes.Size);
            Ok(files.Open(Me, node, OpenIntent.Read, out OpenFile? file, out _));
            byte[] plain = new byte[250_001];
            Ok(file!.Read(0, plain, out int read));
            Assert.Equal(plain.Length, read);
            Assert.True(plain.AsSpan().SequenceEqual(expected.AsSpan(0, plain.Length)));
            Ok(file.Read((10L << 30) - 5, plain, out read));
            Assert.Equal("\0\0end", Encoding.ASCII.GetString(plain, 0, read));
            file.Release();
        });
        Verify(files: 1);
    }

    public void A_read_only_file_is_renamed_written_and_removed()
    {
        Make();
        InSession(files =>
        {
            NodeId node = Write(files, NodeId.Root, "f", Content(10));
            Ok(files.SetAttributes(Me, node, null, new AttributeChange { Mode = 0x124 }, out NodeAttributes attributes));
            Assert.Equal(0x124u, attributes.Mode);
        });
        InSession(files =>
        {
            Ok(files.Rename(Me, NodeId.Root, "f"u8, NodeId.Root, "g"u8, RenameKind.NoReplace));
            NodeId node = Find(files, NodeId.Root, "g");
            Ok(files.GetAttributes(node, out NodeAttributes attributes));
            Assert.Equal(0x124u, attributes.Mode);
            Ok(files.Unlink(Me, NodeId.Root, "g"u8));
        });
        Verify(files: 0);
    }

    public void A_label_is_set_and_the_folder_keeps_it()
    {
        Make();
        InSession(files => _ = Write(files, Directory(files, NodeId.Root, "Payroll"), "q3", Content(5_000)));
        using (Vault vault = Open())
        {
            Assert.Equal(VaultResult.Ok, vault.EditPolicy(policy => policy.AddDepartment("finance"), "department"));
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll", "finance:secret", null, null));
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Show("/Payroll/q3", out LabelledObject? found));
            Assert.Equal("finance:secret", found!.Label.ToString());
        }

        InSession(files =>
        {
            NodeId node = Find(files, Find(files, NodeId.Root, "Payroll"), "q3");
            Assert.Equal(VaultStatus.Denied, files.Open(Me, node, OpenIntent.Read, out _, out _));
        });
        using Vault again = Open();
        AuditCheck check = again.OpenAuditReader().Verify();
        Assert.Equal("", check.Problem);
        Assert.Contains(again.OpenAuditReader().Read(AuditQuery.All), entry => !entry.Record.Allowed && entry.Record.Path == "/Payroll/q3");
    }

    public void A_second_mount_is_refused_and_told_of_the_first()
    {
        Make();
        using Vault first = Open();
        Assert.Equal(VaultResult.Ok, first.BeginSession("/the/drive", out VaultSession? session));
        using (session)
        {
            using Vault second = Open();
            VaultResult refused = second.BeginSession("/another", out _);
            Assert.Equal(VaultError.AlreadyMounted, refused.Error);
            Assert.Contains("/the/drive", refused.Message, StringComparison.Ordinal);
        }

        using Vault third = Open();
        Assert.Equal(VaultResult.Ok, third.BeginSession("/another", out VaultSession? next));
        next!.Dispose();
    }

    public void A_vault_is_not_made_where_something_is()
    {
        Make();
        VaultResult again = Vault.Create(Place, CipherSuite.Aes256Gcm, Passphrase, Cheap, TimeProvider.System);
        Assert.Contains("is a vault already", again.Message, StringComparison.Ordinal);
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        Assert.False(Vault.Create(file, CipherSuite.Aes256Gcm, Passphrase, Cheap, TimeProvider.System).IsOk);
        Assert.False(Vault.Create(Path.Combine(folder, "none", "vault"), CipherSuite.Aes256Gcm, Passphrase, Cheap, TimeProvider.System).IsOk);
    }

    public TrustedState Read(string vaultId) => _remembered;

    public void Write(string vaultId, TrustedState state) => _remembered = state;

    public bool Replace(string vaultId, TrustedState state)
    {
        _remembered = state;
        return true;
    }

    public string Describe(string vaultId) => "the test's memory";

    public IDisposable? TryHold(string vaultId) => new MemoryStream();

    public string? FolderFor(string vaultId) => System.IO.Directory.CreateDirectory(Path.Combine(folder, "machine")).FullName;

    public IReadOnlyList<uint> GroupsOf(uint uid, uint gid) => [gid];

    public string ExecutableOf(int pid) => "";

    private string Place => Path.Combine(folder, "vault");

    private void Make() => Assert.Equal(VaultResult.Ok, Vault.Create(Place, CipherSuite.Aes256Gcm, Passphrase, Cheap, TimeProvider.System));

    private Vault Open()
    {
        Assert.Equal(VaultResult.Ok, Vault.Open(Place, Passphrase, Cheap, this, TimeProvider.System, out Vault? vault));
        return vault!;
    }

    private void InSession(Action<VaultFileSystem> work)
    {
        using Vault vault = Open();
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/drive", out VaultSession? session));
        using (session)
        {
            var files = VaultFileSystem.Over(vault, session!, this, TimeProvider.System);
            try
            {
                work(files);
            }
            finally
            {
                Ok(files.Shutdown());
            }
        }
    }

    private void Verify(int files)
    {
        using Vault vault = Open();
        Assert.Equal(VaultResult.Ok, new VaultVerifier(vault).Run(null, out VaultFindings findings));
        Assert.Empty(findings.Findings);
        Assert.Empty(findings.Notes);
        Assert.Equal(files, findings.Files);
    }

    private static NodeId Find(VaultFileSystem files, NodeId parent, string name)
    {
        Ok(files.Lookup(parent, Encoding.UTF8.GetBytes(name), out NodeEntry entry));
        return entry.Node;
    }

    private static NodeId Directory(VaultFileSystem files, NodeId parent, string name)
    {
        Ok(files.MakeDirectory(Me, parent, Encoding.UTF8.GetBytes(name), 0x1ED, out NodeEntry entry));
        return entry.Node;
    }

    private static NodeId Write(VaultFileSystem files, NodeId parent, string name, byte[] content)
    {
        Ok(files.Create(Me, parent, Encoding.UTF8.GetBytes(name), 0x1B6, OpenIntent.Write | OpenIntent.Read, out NodeEntry entry, out OpenFile? file));
        Ok(file!.Write(0, content, out int written));
        Assert.Equal(content.Length, written);
        file.Release();
        return entry.Node;
    }

    private static void Resize(VaultFileSystem files, NodeId node, OpenFile file, long size) =>
        Ok(files.SetAttributes(Me, node, file, new AttributeChange { Size = size }, out _));

    private static byte[] Read(VaultFileSystem files, NodeId node)
    {
        Ok(files.Open(Me, node, OpenIntent.Read, out OpenFile? file, out _));
        byte[] plain = new byte[200_000];
        Ok(file!.Read(0, plain, out int read));
        file.Release();
        return plain[..read];
    }

    private static List<string> List(VaultFileSystem files, NodeId node)
    {
        Ok(files.OpenDirectory(Me, node, out OpenFolder? directory));
        var sink = new NameSink();
        Ok(directory!.Read(0, withAttributes: false, sink));
        directory.Release();
        return [.. sink.Names.Skip(2).Order(StringComparer.Ordinal)];
    }

    private static byte[] Content(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private static void Ok(VaultStatus status) => Assert.Equal(VaultStatus.Ok, status);

    private sealed class NameSink : IDirectorySink
    {
        public List<string> Names { get; } = [];

        public bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry)
        {
            Names.Add(Encoding.UTF8.GetString(name));
            return true;
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Content;
using SecureVault.Dokan;
using SecureVault.Dokan.Drives;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem.Gate;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Namespace;
using Xunit;

namespace SecureVault.Tests.Dokan;

/// <summary>An NtDrive over a real vault tree in a temporary folder, with the three users of the scripts.</summary>
internal sealed class NtVault : IDisposable
{
    public const string Alice = "S-1-5-21-1-2-3-1001";
    public const string Bob = "S-1-5-21-1-2-3-1002";
    public const string Mallory = "S-1-5-21-1-2-3-1003";
    public const string Accounting = "S-1-5-21-1-2-3-2001";
    public const string Program = @"C:\Program Files\Tester\tester.exe";
    public const uint Serial = 0x5EC0_0001;

    private readonly Dictionary<string, Requestor> _requestors = [];

    public NtVault()
    {
        Under = new TestDrive();
        Under.Policy.Edit(p => p.AddDepartment("finance/treasury"));
        Under.Policy.Edit(p => p.AddDepartment("engineering"));
        Under.Policy.Edit(p => p.AddUser("alice", null, Alice, null, EncryptionMode.Mandatory));
        Under.Policy.Edit(p => p.AddUser("bob", null, Bob, null, EncryptionMode.Mandatory));
        Under.Policy.Edit(p => p.AddUser("mallory", null, Mallory, null, EncryptionMode.Mandatory));
        Under.Policy.Edit(p => p.AddGroup("accounting", null, Accounting));
        Under.Policy.Edit(p => p.GrantUser("alice", "finance:secret", AccessMode.Plaintext, null));
        Under.Policy.Edit(p => p.GrantUser("bob", "finance:secret", AccessMode.ReadOnly, null));
        Under.Policy.Edit(p => p.GrantGroup("accounting", "finance:internal", AccessMode.Plaintext, null));
        Drive = new NtDrive(Under.Files, new NtDriveOptions { Serial = Serial }, Log);
    }

    public TestDrive Under { get; }
    public NtDrive Drive { get; }
    public RecordedNtLog Log { get; } = new();

    public Requestor As(string user, params string[] groups)
    {
        string key = string.Join(' ', groups.Prepend(user));
        lock (_requestors)
        {
            if (!_requestors.TryGetValue(key, out Requestor? known))
            {
                known = new Requestor(new CallerToken(user, groups, (ulong)_requestors.Count + 1), 4711, Program);
                _requestors.Add(key, known);
            }

            return known;
        }
    }

    /// <summary>The token of the same user: As and this are one logon.</summary>
    public ITokenReader TokenOf(string user, string[]? groups = null, TokenLevel level = TokenLevel.Primary)
    {
        CallerToken token = As(user, groups ?? []).Token;
        return new FakeToken(new TokenKey(token.LogonId, 1, token.LogonId, user), groups ?? [], level);
    }

    public NtStatus Create(string path, NtAccess access, out NtHandle? handle, NtDisposition disposition = NtDisposition.Open, NtShare share = NtShare.All, NtOptions options = NtOptions.None, string user = Alice, NtAttributes attributes = NtAttributes.None) =>
        Drive.Create(path, new NtCreate(access, share, disposition, options, attributes), As(user), out handle);

    /// <summary>Opens or makes and must not fail.</summary>
    public NtHandle Open(string path, NtAccess access, NtDisposition disposition = NtDisposition.Open, NtOptions options = NtOptions.None, string user = Alice, NtAttributes attributes = NtAttributes.None)
    {
        NtStatus status = Create(path, access, out NtHandle? handle, disposition, options: options, user: user, attributes: attributes);
        Assert.True(status is NtStatus.Success or NtStatus.ObjectNameCollision && handle is not null, $"{path}: {status}");
        return handle!;
    }

    public void Put(string path, string text, string user = Alice, NtAttributes attributes = NtAttributes.None)
    {
        NtHandle handle = Open(path, NtAccess.GenericWrite, NtDisposition.OverwriteIf, user: user, attributes: attributes);
        Assert.Equal(NtStatus.Success, Drive.Write(handle, 0, Encoding.UTF8.GetBytes(text), false, false, out _));
        End(handle);
    }

    public string Get(string path, string user = Alice)
    {
        NtHandle handle = Open(path, NtAccess.GenericRead, user: user);
        byte[] plain = new byte[100_000];
        Assert.Equal(NtStatus.Success, Drive.Read(handle, 0, plain, out int read));
        End(handle);
        return Encoding.UTF8.GetString(plain, 0, read);
    }

    public void MakeFolder(string path, string? label)
    {
        End(Open(path, NtAccess.ReadAttributes, NtDisposition.OpenIf, NtOptions.DirectoryFile));
        if (label is not null)
        {
            Under.SetLabel(Slashed(path), label);
        }
    }

    /// <summary>As Linux makes it: beside a name that differs only in case, if there is one.</summary>
    public void MakeFile(string path, byte[] content)
    {
        (NodeId folder, byte[] name) = Under.Split(Slashed(path));
        Assert.Equal(VaultStatus.Ok, Under.Files.Create(As(Alice).Caller, folder, name, 0x1B6, OpenIntent.Write | OpenIntent.Exclusive, out NodeEntry entry, out OpenFile? file));
        Assert.Equal(VaultStatus.Ok, file!.Write(0, content, out _));
        file.Release();
        Under.Files.Forget(entry.Node, 1);
    }

    /// <summary>Another name of a file.</summary>
    public void MakeLink(string path, string target)
    {
        (NodeId folder, byte[] name) = Under.Split(Slashed(path));
        Assert.Equal(VaultStatus.Ok, Under.Files.Link(As(Alice).Caller, Under.Node(Slashed(target)), folder, name, out _));
    }

    /// <summary>Relabels a file as the command does: its secret is wrapped under another key.</summary>
    public void SetFileLabel(string path, string label)
    {
        string stored = Under.StoredPath(Slashed(path));
        Assert.Equal(VaultStatus.Ok, Under.Store.OpenRoot(Path.GetDirectoryName(stored)!, out StoreHandle? folder));
        using (folder)
        {
            Assert.Equal(VaultStatus.Ok, Under.Store.OpenFile(folder!, Encoding.ASCII.GetBytes(Path.GetFileName(stored)), StoreOpen.ReadWrite, 0, out StoreHandle? file));
            using (file)
            {
                Assert.Equal(VaultStatus.Ok, Rewrapping.Run(Under.Store, file!, Under.Keys.Header, Under.Labels, Under.Labels.KeyOf(label), out _));
            }
        }

        Under.Policy.Edit(p => new PolicyEdit(p.WithLabelsChanged(p.KeyringVersion, 0), null));
    }

    /// <summary>The label in the file's header.</summary>
    public string LabelOf(string path)
    {
        byte[] header = new byte[FileHeader.KeyRecordSize];
        using FileStream file = File.OpenRead(Under.StoredPath(Slashed(path)));
        file.ReadExactly(header);
        Assert.Equal(FormatStatus.Ok, FileHeader.TryReadKeyId(header, Under.Keys.Header, out _, out KeyId key));
        return Under.Labels.LabelOf(key)!.ToString();
    }

    public List<string> Names(string path, string? pattern = null)
    {
        NtHandle folder = Open(path, NtAccess.ReadData, options: NtOptions.DirectoryFile);
        var sink = new NtEntries();
        Assert.Equal(NtStatus.Success, Drive.List(folder, pattern, sink));
        End(folder);
        return [.. sink.Entries.Select(e => e.Name).Order(StringComparer.Ordinal)];
    }

    /// <param name="deletes">The driver says that the name goes.</param>
    public void End(NtHandle handle, bool deletes = false)
    {
        Assert.Equal(NtStatus.Success, Drive.Cleanup(handle, deletes));
        Assert.Equal(NtStatus.Success, Drive.Close(handle));
    }

    public void Dispose()
    {
        Drive.Dispose();
        Assert.Equal(0, Drive.OpenCount);
        Assert.Equal(0, Under.Files.OpenFileCount);
        Under.Dispose();
    }

    private static string Slashed(string path) => path.Replace('\\', '/');
}

/// <summary>Keeps what a listing gives.</summary>
internal sealed class NtEntries : INtListSink
{
    public List<NtFileInformation> Entries { get; } = [];

    public bool Add(in NtFileInformation entry)
    {
        Entries.Add(entry);
        return true;
    }
}

/// <summary>A token without a Windows. key null: it cannot be read; groups null: its groups cannot.</summary>
internal sealed class FakeToken(TokenKey? key, string[]? groups, TokenLevel level = TokenLevel.Primary) : ITokenReader
{
    public int GroupReads { get; private set; }

    public bool TryReadKey(out TokenKey read, out TokenLevel at)
    {
        read = key.GetValueOrDefault();
        at = level;
        return key is not null;
    }

    public IReadOnlyList<string>? ReadGroups()
    {
        GroupReads++;
        return groups;
    }
}

/// <summary>Keeps what the drive reports.</summary>
internal sealed class RecordedNtLog : INtLog
{
    public List<string> Lines { get; } = [];

    public void OperationFailed(string operation, Exception exception)
    {
        lock (Lines)
        {
            Lines.Add($"{operation}: {exception.GetType().Name}");
        }
    }

    public void Trouble(string message)
    {
        lock (Lines)
        {
            Lines.Add(message);
        }
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SecureVault.Dokan.Drives;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.Policy.Audit;
using Xunit;

namespace SecureVault.Tests.Dokan.Drives;

/// <summary>Plays a script of tests/scripts/windows on an NtDrive, with what the driver does around it.</summary>
internal sealed partial class ScriptRun(NtVault vault)
{
    private readonly Dictionary<string, NtHandle> _handles = [];
    private readonly Dictionary<string, ulong> _indexes = [];
    private readonly DriverStandIn _driver = new(vault.Drive);
    private readonly RequestorCache _requestors = new();
    private ITokenReader _token = vault.TokenOf(NtVault.Alice);

    public void Play(IEnumerable<string> lines)
    {
        (string Where, string[] Words)[] all = [.. lines
            .Select((line, i) => (Where: $"line {i + 1}: {line}", Words: line.Split(' ')))
            .Where(line => line.Words[0].Length > 0 && line.Words[0][0] != '#')];
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Words[0] == "together")
            {
                int first = i + 1;
                i += int.Parse(all[i].Words[1], CultureInfo.InvariantCulture);
                SideBySide.Run(i + 1 - first, n => PlayOne(all[first + n].Where, all[first + n].Words));
            }
            else
            {
                PlayOne(all[i].Where, all[i].Words);
            }
        }

        Assert.Empty(_handles);
        Assert.Empty(vault.Log.Lines);
    }

    private void PlayOne(string where, string[] words)
    {
        NtStatus expected = NtStatus.Success;
        if (words.Length > 2 && words[^2] == "->")
        {
            expected = ScriptWords.Status(words[^1]);
            words = words[..^2];
        }

        switch (words[0])
        {
            case "given":
                Given(words);
                break;
            case "check":
                Check(where, words);
                break;
            case "user":
                TokenLevel level = ScriptWords.Option(words, "level", TokenLevel.Primary);
                _token = vault.TokenOf(words[1], [.. words[2..].Where(w => !w.StartsWith("level=", StringComparison.Ordinal))], level);
                break;
            case "process" or "policy":
                PlayOfAccess(where, words);
                break;
            default:
                NtStatus status = Do(where, words);
                Assert.True(expected == status, $"{where}: {status}");
                break;
        }
    }

    private NtStatus Do(string where, string[] words)
    {
        switch (words[0])
        {
            case "create":
                return Create(words);
            case "volume":
                return Volume(where, words);
            case "cleanup":
                return _driver.CleanUp([.. words[1..].Select(w => _handles[w])]);
        }

        NtHandle handle = _handles[words[1]];
        NtDrive drive = vault.Drive;
        switch (words[0])
        {
            case "read" or "page-read":
                return Read(where, handle, words);
            case "write" or "page-write":
                return drive.Write(handle, Number(words[2]), ScriptWords.Content(words[3]), words[0] == "page-write", false, out _);
            case "append":
                return drive.Write(handle, 0, ScriptWords.Content(words[2]), false, true, out _);
            case "flush":
                return drive.Flush(handle);
            case "size":
                return drive.SetEndOfFile(handle, Number(words[2]));
            case "allocate":
                return drive.SetAllocationSize(handle, Number(words[2]));
            case "attributes":
                return drive.SetAttributes(handle, ScriptWords.Flags<NtAttributes>(words[2]));
            case "times":
                return drive.SetTimes(handle, new NtTimes(null, null, new NtTime(Number(words[2]))));
            case "delete":
                return _driver.Delete(handle, words[2] != "no", words[2] == "mapped");
            case "move":
                return _driver.Move(handle, ScriptWords.Text(words[2]), words.Length > 3);
            case "security":
                return Security(where, handle, Parts(words[2]));
            case "set-security":
                return drive.SetSecurity(handle, Parts(words[2]));
            case "info":
                return Info(where, handle, words);
            case "list":
                return List(where, handle, words);
            case "close":
                _ = _handles.Remove(words[1]);
                return _driver.Close(handle);
            default:
                throw new FormatException($"{where}: no such operation");
        }
    }

    private NtStatus Create(string[] words)
    {
        var create = new NtCreate(
            ScriptWords.Option(words, "access", NtAccess.None),
            ScriptWords.Option(words, "share", NtShare.None),
            ScriptWords.Option(words, "disposition", NtDisposition.Open),
            ScriptWords.Option(words, "options", NtOptions.None),
            ScriptWords.Option(words, "attributes", NtAttributes.None));
        NtStatus status = _requestors.Find(_token, _pid, NtVault.Program, out Requestor? requestor);
        if (requestor is null)
        {
            return status;
        }

        status = _driver.Create(ScriptWords.Text(words[2]), create, requestor, out NtHandle? handle);
        if (handle is not null)
        {
            _handles.Add(words[1], handle);
        }

        return status;
    }

    private NtStatus Read(string where, NtHandle handle, string[] words)
    {
        byte[] plain = new byte[Number(words[3])];
        NtStatus status = vault.Drive.Read(handle, Number(words[2]), plain, out int read);
        Assert.True(ScriptWords.Content(words[4]).AsSpan().SequenceEqual(plain.AsSpan(0, read)), $"{where}: {Encoding.UTF8.GetString(plain, 0, read)}");
        return status;
    }

    // Of a label DokanNet tells nothing.
    private static NtSecurityParts Parts(string word) =>
        word.Split('|').Where(w => w != "LABEL").Aggregate(NtSecurityParts.None, (parts, w) => parts | ScriptWords.Flags<NtSecurityParts>(w));

    private NtStatus Security(string where, NtHandle handle, NtSecurityParts parts)
    {
        byte[] descriptor = new byte[4096];
        NtStatus status = vault.Drive.GetSecurity(handle, parts, descriptor, out _);
        (NtSecurityParts Part, int Offset)[] fields = [(NtSecurityParts.Owner, 4), (NtSecurityParts.Group, 8), (NtSecurityParts.Dacl, 16)];
        Assert.All(fields, field => Assert.True(((parts & field.Part) != 0) == (BitConverter.ToInt32(descriptor, field.Offset) != 0), $"{where}: {field.Part}"));
        return status;
    }

    private NtStatus Info(string where, NtHandle handle, string[] words)
    {
        NtStatus status = vault.Drive.GetInformation(handle, out NtFileInformation information);
        foreach (string word in words[2..])
        {
            string[] parts = word.Split('=', 2);
            bool right = parts[0] switch
            {
                "size" => information.Size == Number(parts[1]),
                "links" => information.Links == Number(parts[1]),
                "index" => IsIndex(parts[1], information.Index),
                "attributes" => information.Attributes == ScriptWords.Flags<NtAttributes>(parts[1]),
                _ => throw new FormatException($"{where}: nothing is called {parts[0]}"),
            };
            Assert.True(right, $"{where}: {information}");
        }

        return status;
    }

    private bool IsIndex(string word, ulong index) =>
        index != 0 && (_indexes.TryGetValue(word, out ulong known) ? known == index : !_indexes.ContainsValue(index) && _indexes.TryAdd(word, index));

    private NtStatus Volume(string where, string[] words)
    {
        NtStatus status = vault.Drive.GetVolume(out NtVolume volume);
        Assert.True(volume.Serial == NtVault.Serial, $"{where}: {volume}");
        foreach (string word in words[1..])
        {
            string told = word.StartsWith("label=", StringComparison.Ordinal) ? volume.Label : volume.FileSystemName;
            Assert.True(told == ScriptWords.Text(word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]), $"{where}: {volume}");
        }

        return status;
    }

    private NtStatus List(string where, NtHandle handle, string[] words)
    {
        var sink = new NtEntries();
        NtStatus status = vault.Drive.List(handle, ScriptWords.Text(words[2]), sink);
        string names = string.Join(',', sink.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.True(names == (words[3] == "-" ? "" : ScriptWords.Text(words[3])), $"{where}: {names}");
        return status;
    }

    private void Given(string[] words)
    {
        string path = ScriptWords.Text(words[2]);
        switch (words[1])
        {
            case "folder":
                vault.MakeFolder(path, words[3] == "-" ? null : words[3]);
                return;
            case "link":
                vault.MakeLink(path, ScriptWords.Text(words[3]));
                return;
        }

        vault.MakeFile(path, ScriptWords.Content(words[3]));
        if (words[4] != "-")
        {
            vault.SetFileLabel(path, words[4]);
        }

        vault.Under.Audit.Clear();
    }

    private void Check(string where, string[] words)
    {
        switch (words[1])
        {
            case "content":
                Assert.True(Encoding.UTF8.GetString(ScriptWords.Content(words[3])) == vault.Get(ScriptWords.Text(words[2])), where);
                break;
            case "label":
                Assert.True(words[3] == vault.LabelOf(ScriptWords.Text(words[2])), $"{where}: {vault.LabelOf(ScriptWords.Text(words[2]))}");
                break;
            case "names":
                string names = string.Join(',', vault.Names(ScriptWords.Text(words[2])));
                Assert.True(names == (words[3] == "-" ? "" : ScriptWords.Text(words[3])), $"{where}: {names}");
                break;
            case "record":
                Assert.True(HasRecord(words[2], words[3], words[4] == "allowed", ScriptWords.Text(words[5])), $"{where}\n{string.Join('\n', vault.Under.Audit.Records)}");
                break;
            case "no-record":
                Assert.False(vault.Under.Audit.Records.Any(r => AuditEventName.Of(r.Event) == words[2] && r.Path == ScriptWords.Text(words[3])), where);
                break;
            default:
                throw new FormatException($"{where}: no such check");
        }
    }

    private bool HasRecord(string name, string sid, bool allowed, string path)
    {
        string user = vault.Under.Policy.Current.Users.FirstOrDefault(u => u.Sid == sid)?.Name ?? sid;
        return vault.Under.Audit.Records.Any(r => AuditEventName.Of(r.Event) == name && r.User == user && r.Allowed == allowed && r.Path == path
            && r.Uid is null && _pids.Contains(r.Pid) && r.Executable.EndsWith("tester.exe", StringComparison.Ordinal));
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}

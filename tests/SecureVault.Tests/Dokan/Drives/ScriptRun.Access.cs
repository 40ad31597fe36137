using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Dokan.Drives;

/// <summary>What changes between a script's operations: the process that asks, and the policy.</summary>
internal sealed partial class ScriptRun
{
    private const int FirstProcess = 4711;

    private readonly HashSet<int> _pids = [FirstProcess];
    private int _pid = FirstProcess;

    private void PlayOfAccess(string where, string[] words)
    {
        switch (words[0], words[1])
        {
            case ("process", _):
                Process(words);
                break;
            case ("policy", "program"):
                Edit(p => p.SetProgram(new TrustedProgram(words[2], [Digest256.Of(ImageOf(words[2]).Span)], [], [], [])));
                break;
            case ("policy", "only-in"):
                Assert.True(LabelRange.TryParse(words[2], out LabelRange? labels, out _), where);
                Edit(p => p.SetRule(new Rule($"only-{words[3]}", labels!, "", [], [], RuleActions.Usual, null, Conditions.None with { Programs = [words[3]] }, AccessMode.Denied, "", false, false)));
                break;
            case ("policy", "grant"):
                Edit(p => p.GrantUser(words[2], words[3], words[4] == "plaintext" ? AccessMode.Plaintext : AccessMode.ReadOnly, null));
                break;
            case ("policy", "revoke"):
                Edit(p => p.RevokeUser(words[2], words[3]));
                break;
            default:
                throw new FormatException($"{where}: no such change");
        }
    }

    /// <summary>An edit is in force when the drive has looked at what is open: on a real drive within a second.</summary>
    private void Edit(Func<PolicyDocument, PolicyEdit> edit)
    {
        vault.Under.Policy.Edit(edit);
        vault.Under.Files.LookForRevocations();
    }

    /// <summary>process PID [PROGRAM [WHY-IT-IS-NOT-TRUSTED]]: who asks from here on; without a program nothing of it can be seen.</summary>
    private void Process(string[] words)
    {
        _pid = int.Parse(words[1], CultureInfo.InvariantCulture);
        _pids.Add(_pid);
        _ = vault.Under.Callers.Programs.Remove(_pid);
        if (words.Length > 2)
        {
            vault.Under.Callers.Programs.Add(_pid, new ProgramIdentity(ImageOf(words[2]), NtVault.Program, distrust: string.Join(' ', words.Skip(3))));
        }
    }

    private static ReadOnlyMemory<byte> ImageOf(string program) => SHA256.HashData(Encoding.UTF8.GetBytes(program));
}

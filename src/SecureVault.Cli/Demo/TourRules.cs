using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Demo;

/// <summary>The steps that lower what a grant gives: a rule for one program, and a grant withdrawn while a file is open.</summary>
internal sealed class TourRules(Workspace workspace, Narrator say)
{
    private const string Rule = "only-in-one", Program = "reader";
    private static readonly string[] Candidates = ["/usr/bin/head", "/usr/bin/cat", "/usr/bin/tail"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public void Show(Document document, Person reader)
    {
        if (!workspace.IsMounted || !reader.IsReal)
        {
            return;
        }

        string[] programs = [.. Candidates.Where(File.Exists).Take(2)];
        if (programs.Length == 2)
        {
            OneProgram(document, reader, programs[0], programs[1]);
        }

        Withdrawn(document, reader);
    }

    private void OneProgram(Document document, Person reader, string trusted, string other)
    {
        say.Step("A rule: this label only in one program");
        VaultResult added = workspace.Vault.Rules.SetProgram(Program, [trusted], []);
        if (!added.IsOk)
        {
            say.Warn($"Not shown here: {added.Message}");
            return;
        }

        say.Command($"securevault program add vault {Program} {trusted}");
        Workspace.Demand(workspace.Vault.Rules.Set(new RuleRow(
            Rule, "finance:secret", "", [], [], [], null, new ConditionRow([Program], null, [], null, []), "denied", $"open it in {Path.GetFileName(trusted)}", false, false)));
        say.Command($"securevault rule add vault {Rule} --label finance:secret --unless-program {Program}");
        var listing = new Listing("as", "program", "exit", "it says");
        foreach (string program in new[] { trusted, other })
        {
            (int exit, string said) = AccessProbe.RunProgram(reader.Uid, program, workspace.OnDrive(document.Inside));
            listing.Add(reader.Name, program, $"{exit}", said.Replace(workspace.MountPoint, "drive", StringComparison.Ordinal));
        }

        say.Table(listing);
        say.Say("A program is its bytes: a renamed one, one with a byte changed, or one that is traced or has foreign code in it is refused.");
        Workspace.Demand(workspace.Vault.Rules.Remove(Rule));
        say.Command($"securevault rule remove vault {Rule}");
    }

    private void Withdrawn(Document document, Person reader)
    {
        (string scope, string mode) = reader.Grants[0];
        say.Step("A grant withdrawn while the file is open");
        using Process holder = AccessProbe.Start(ProbeChild.Hold, reader.Uid, workspace.OnDrive(document.Inside));
        try
        {
            say.Say($"{reader.Name} has {document.Inside} open and reads it: {Outcome(Ask(holder))}.");
            Workspace.Demand(workspace.Vault.RevokeUser(reader.Name, scope));
            say.Command($"securevault user revoke vault {reader.Name} {scope}");
            var since = Stopwatch.StartNew();
            int error = Ask(holder);
            while (error == 0 && since.Elapsed < Patience)
            {
                using (var timer = new ManualResetEventSlim())
                {
                    timer.Wait(Pause);
                }

                error = Ask(holder);
            }

            string sentence = string.Create(CultureInfo.InvariantCulture, $"{reader.Name} reads on by the same open file: {Outcome(error)}, {since.ElapsedMilliseconds} ms after the command.");
            if (error == 0)
            {
                say.Warn(sentence);
            }
            else
            {
                say.Good(sentence);
            }

            Workspace.Demand(workspace.Vault.GrantUser(reader.Name, scope, mode, null));
            say.Command($"securevault user grant vault {reader.Name} {scope}      (given back, for what follows)");
        }
        finally
        {
            holder.StandardInput.Close();
            holder.WaitForExit();
        }
    }

    private static int Ask(Process holder)
    {
        holder.StandardInput.WriteLine();
        holder.StandardInput.Flush();
        return holder.StandardOutput.ReadLine() is { } line ? int.Parse(line, CultureInfo.InvariantCulture) : throw new IOException($"The reader's process failed: {holder.StandardError.ReadToEnd().Trim()}");
    }

    private static string Outcome(int error) => error switch
    {
        0 => "it works",
        ProbeAnswer.Denied => "Permission denied",
        ProbeAnswer.InputOutput => "Input/output error",
        _ => $"error {error}",
    };
}

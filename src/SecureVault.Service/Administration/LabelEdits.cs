using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;

namespace SecureVault.Service.Administration;

/// <summary>Departments and levels: what labels are made of. Nothing that files carry is taken away from under them.</summary>
internal sealed class LabelEdits(Vault vault)
{
    private const int Named = 3;
    private const int Listed = 12;

    private PolicyDocument Policy => vault.Policy.Current;

    /// <summary>Refused while an object carries a label of the department.</summary>
    public VaultResult RemoveDepartment(string path)
    {
        VaultResult free = Uncarried(l => string.Equals(l.Department, path, StringComparison.OrdinalIgnoreCase), $"department {path}");
        return free.IsOk ? vault.EditPolicy(p => p.RemoveDepartment(path), $"department remove {path}") : free;
    }

    /// <summary>Refused while an object carries a label of a level that is left out.</summary>
    public VaultResult SetLevels(IReadOnlyList<string> items)
    {
        PolicyDocument now = Policy;
        if (now.SetLevels(items).Policy is { } wanted)
        {
            string left = string.Join(", ", now.Levels.SelectMany(l => l.Aliases.Prepend(l.Name)).Where(n => wanted.FindLevel(n) is null));
            VaultResult free = Uncarried(l => now.FindLevel(l.Level) is not null && wanted.FindLevel(l.Level) is null, $"a level that is left out ({left})");
            if (!free.IsOk)
            {
                return free;
            }
        }

        return vault.EditPolicy(p => p.SetLevels(items), $"level set {string.Join(' ', items)}");
    }

    /// <summary>The former name stays as an alias; what is labelled is called by the new one from then on.</summary>
    public VaultResult RenameLevel(string from, string to)
    {
        PolicyDocument now = Policy;
        Level? level = now.FindLevel(from);
        return new VaultLabels(vault).Rename(
            p => p.RenameLevel(from, to),
            l => level is not null && now.FindLevel(l.Level) == level ? l with { Level = to } : l,
            $"level rename {from} {to}");
    }

    /// <summary>With all below it; what is labelled is called by the new name from then on.</summary>
    public VaultResult RenameDepartment(string from, string to)
    {
        string known = Policy.Departments.FirstOrDefault(d => string.Equals(d, from, StringComparison.OrdinalIgnoreCase)) ?? from;
        string path = PolicyDocument.NewPath(known, to);
        bool same = string.Equals(path, known, StringComparison.OrdinalIgnoreCase);
        VaultResult free = same || !vault.Keyring.Knows(l => IsOf(l, known)) ? VaultResult.Ok : Uncarried(l => IsOf(l, path), $"department {path}, of which there was one before,");
        return !free.IsOk ? free : new VaultLabels(vault).Rename(p => p.RenameDepartment(from, to), l => l.WithDepartmentRenamed(known, path), $"department rename {from} {to}");
    }

    /// <summary>Puts a whole policy in place of this one. Refused while an object carries a label of a department or level that would be gone.</summary>
    public VaultResult Replace(PolicyDocument wanted, Func<PolicyDocument, PolicyEdit> edit, string description)
    {
        VaultResult free = MayReplace(wanted, resume: true);
        return free.IsOk ? vault.EditPolicy(edit, description) : free;
    }

    /// <summary>Whether Replace would be refused.</summary>
    /// <param name="resume">Finish an interrupted relabel first; otherwise nothing is changed.</param>
    public VaultResult MayReplace(PolicyDocument wanted, bool resume)
    {
        PolicyDocument now = Policy;
        string[] departments = [.. now.Departments.Except(wanted.Departments, StringComparer.OrdinalIgnoreCase)];
        string[] levels = [.. now.Levels.SelectMany(l => l.Aliases.Prepend(l.Name)).Where(n => wanted.FindLevel(n) is null)];
        bool Gone(Label label) => departments.Contains(label.Department, StringComparer.OrdinalIgnoreCase) || levels.Contains(label.Level, StringComparer.OrdinalIgnoreCase);
        return departments.Length + levels.Length == 0 ? VaultResult.Ok : Uncarried(Gone, $"a department or level that is left out ({string.Join(", ", departments.Concat(levels).Take(Listed))})", resume);
    }

    private static bool IsOf(Label label, string department) => label.WithDepartmentRenamed(department, "") != label;

    private VaultResult Uncarried(Func<Label, bool> carries, string what, bool resume = true)
    {
        var labels = new VaultLabels(vault);
        IReadOnlyList<string> found = [];
        VaultResult searched = resume ? labels.Resume(null) : VaultResult.Ok; // an interrupted relabel brings its label yet
        searched = searched.IsOk ? labels.FindCarriers(carries, Named + 1, out found) : searched;
        if (!searched.IsOk || found.Count == 0)
        {
            return searched;
        }

        string named = string.Join(", ", found.Take(Named)) + (found.Count > Named ? " and more" : "");
        return new VaultResult(VaultError.Failed, $"{what} is in the label of {named}: give that another label first, or nobody could open it any more, or the wrong people could; with: {PolicyAdvice.Command("label set", vault.Folder, found[0])} LABEL");
    }
}

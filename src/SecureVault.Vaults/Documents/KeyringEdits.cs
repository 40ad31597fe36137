using System;
using System.Collections.Generic;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy;

namespace SecureVault.Vaults.Documents;

/// <summary>What a keyring's document is made of, for the next one.</summary>
internal static class KeyringEdits
{
    /// <summary>The same keys under other labels. Where two labels become one, the keys of the later get later epochs: one key for a label and epoch.</summary>
    public static IEnumerable<KeyringEntry> Renamed(IReadOnlyList<KeyringEntry> entries, Func<Label, Label> renamed)
    {
        var taken = new HashSet<(Label, uint)>();
        foreach (KeyringEntry entry in entries)
        {
            var old = new Label(entry.Department, entry.Level, entry.Compartment);
            Label label = old.IsNone ? old : renamed(old);
            uint epoch = entry.Epoch;
            while (!taken.Add((label, epoch)))
            {
                epoch++;
            }

            yield return entry with { Department = label.Department, Level = label.Level, Compartment = label.Compartment, Epoch = epoch };
        }
    }

    /// <summary>The document owns its signer and goes; the keyring keeps one of its own.</summary>
    public static SigningKey? CopySigner(SigningKey signer)
    {
        Span<byte> scalar = stackalloc byte[32];
        signer.ExportPrivate(scalar);
        bool good = SigningKey.TryImport(scalar, out SigningKey? copy);
        scalar.Clear();
        return good ? copy : null;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using SecureVault.Policy.Documents;

namespace SecureVault.Policy.Exchange;

/// <summary>What a document that people edit says, or what is wrong with it. Pure: no file, no clock.</summary>
public sealed class PolicyDraft
{
    private readonly PolicyContent _content;

    private PolicyDraft(PolicyContent content, IReadOnlyList<DocumentFault> faults, ulong? writtenAt)
    {
        _content = content;
        Faults = faults;
        WrittenAt = writtenAt;
    }

    /// <summary>Everything that is wrong, in the order of the text; empty when it may be applied.</summary>
    public IReadOnlyList<DocumentFault> Faults { get; }

    /// <summary>The version that it was exported from, where it says so.</summary>
    public ulong? WrittenAt { get; }

    /// <summary>Reads a tree.</summary>
    /// <param name="root">Null: it could not be read, and the faults say why.</param>
    /// <param name="zones">Knows which time zones there are; null: any name will do.</param>
    public static PolicyDraft Read(DocumentNode? root, DocumentFaults faults, IZones? zones)
    {
        ArgumentNullException.ThrowIfNull(faults);
        PolicyContent nothing = PolicyDocument.Initial().Content;
        Fields? fields = root is null ? null : Fields.Of(root, Shapes.Document, faults);
        if (fields is null)
        {
            return new PolicyDraft(nothing, faults.All(), null);
        }

        PolicyContent content = new DraftReader(faults, zones).Read(fields);
        if (!faults.Any && PolicyInvariants.FirstBroken(content) is { } broken)
        {
            faults.Add(fields.Place, broken);
        }

        bool at = ulong.TryParse(fields.Find("version")?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong version);
        return new PolicyDraft(content, faults.All(), at ? version : null);
    }

    /// <summary>The next version of a policy, with all that the draft says; incident locks stay as they are. Refused while it has faults.</summary>
    public PolicyEdit On(PolicyDocument policy) => Faults.Count > 0 ? new PolicyEdit(null, Faults[0].ToString()) : policy.Replaced(_content);

    /// <summary>What it would be in a vault of its own: for remarks about it. Null while it has faults.</summary>
    public PolicyDocument? Alone() => Faults.Count > 0 ? null : PolicyDocument.Initial().Replaced(_content).Policy;
}

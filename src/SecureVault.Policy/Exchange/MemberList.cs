using System;
using System.Collections.Generic;

namespace SecureVault.Policy.Exchange;

/// <summary>The members of an object while it is read: a name that comes again is a fault, and the first is kept.</summary>
public sealed class MemberList(DocumentFaults faults)
{
    private readonly List<NodeMember> _members = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IReadOnlyList<NodeMember> Members => _members;

    public void Add(string name, TextPlace place, DocumentNode value)
    {
        if (_names.Add(name))
        {
            _members.Add(new NodeMember(name, place, value));
        }
        else
        {
            faults.Add(place, faults.IsFull ? "" : $"member '{DocumentText.Shown(name)}' is here already; keep one of them.");
        }
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Exchange;

/// <summary>A policy as people edit it: defaults left out, names as PolicyDraft reads them. Incident locks are shown, and left alone when it is applied.</summary>
public static class PolicyTree
{
    public static DocumentNode Of(PolicyDocument policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new Members()
            .Number("format", 1).Number("version", policy.Version)
            .List("levels", policy.Levels.Select(Of), always: true)
            .List("departments", policy.Departments.Select(d => Of(d, policy.Layers.FirstOrDefault(l => l.Department == d))), always: true)
            .List("users", policy.Users.Select(Of), always: true)
            .List("groups", policy.Groups.Select(Of), always: true)
            .List("programs", policy.Programs.Select(Of), always: true)
            .List("rules", policy.Rules.Select(Of), always: true)
            .List("locks", policy.Locks.Select(Of))
            .Done();
    }

    private static DocumentNode Of(Level level) => new Members()
        .Text("name", level.Name).Texts("also", level.Aliases).Truth("strict", level.Strict).Truth("noWriteDown", level.NoWriteDown).Texts("notOnHosts", level.NotOnHosts).Done();

    private static DocumentNode Of(string department, Layer? layer) => layer is null ? DocumentNode.OfText(department) : new Members()
        .Text("name", department)
        .Text("audit", layer.Audit is { } audit ? Spelling.Of(audit) : "")
        .Text("access", layer.Observes is { } observes ? (observes ? "observe" : "enforce") : "").End("until", layer.ObservesUntil)
        .Text("encryption", layer.Encryption is { } encryption ? Spelling.Of(encryption) : "")
        .Done();

    private static DocumentNode Of(User user) => new Members()
        .Text("name", user.Name).Number("uid", user.Uid).Text("sid", user.Sid ?? "").End("expires", user.Expires)
        .Text("encryption", user.Encryption == EncryptionMode.Mandatory ? "" : Spelling.Of(user.Encryption))
        .Add("when", Of(user.When)).List("grants", user.Grants.Select(Of)).Done();

    private static DocumentNode Of(Group group) => new Members()
        .Text("name", group.Name).Number("gid", group.Gid).Text("sid", group.Sid ?? "").Texts("members", group.Members).List("grants", group.Grants.Select(Of)).Done();

    private static DocumentNode Of(Grant grant) => grant is { Mode: AccessMode.Plaintext, Expires: null, When: null }
        ? DocumentNode.OfText(grant.Scope)
        : new Members().Text("scope", grant.Scope).Text("mode", grant.Mode == AccessMode.Plaintext ? "" : Spelling.Of(grant.Mode)).End("expires", grant.Expires).Add("when", Of(grant.When)).Done();

    private static DocumentNode Of(TrustedProgram program) => new Members()
        .Text("name", program.Name).Texts("images", program.Images.Select(d => d.ToString())).Texts("paths", program.Paths)
        .Texts("scripts", program.Scripts.Select(d => d.ToString())).Texts("scriptPaths", program.ScriptPaths).Done();

    private static DocumentNode Of(Rule rule) => new Members()
        .Text("name", rule.Name)
        .Text("department", rule.Labels.Department).Text("from", rule.Labels.From).Text("to", rule.Labels.To)
        .Text("compartment", rule.Labels.Compartment == PolicyName.AllCompartments ? "" : rule.Labels.Compartment)
        .Text("path", rule.Path).Texts("users", rule.Users).Texts("groups", rule.Groups)
        .Texts("actions", rule.Actions == RuleActions.Usual ? [] : Spelling.Actions.Where(a => rule.Actions.HasFlag((RuleActions)(1 << (int)a))).Select(Spelling.Of))
        .Add("when", Of(rule.When)).Add("unless", Of(rule.Unless))
        .Text("ceiling", Spelling.Of(rule.Ceiling)).Text("say", rule.Say).Truth("notify", rule.Notify).Truth("reason", rule.NeedsReason).Done();

    private static DocumentNode Of(IncidentLock locked) => new Members()
        .Text("target", locked.Target).Text("because", locked.Because).Text("by", locked.By).End("since", locked.Since).End("until", locked.Until).Done();

    private static DocumentNode? Of(Conditions? conditions)
    {
        if (conditions is null)
        {
            return null;
        }

        Members members = new Members().Texts("programs", conditions.Programs).Text("hours", conditions.Hours?.ToString() ?? "").Texts("hosts", conditions.Hosts);
        members = conditions.Online is { } online ? members.Add("online", DocumentNode.OfTruth(online)) : members;
        return members.Texts("sessions", conditions.Sessions).Done();
    }

    /// <summary>Members one after the other; what says nothing is left out.</summary>
    private sealed class Members
    {
        private readonly List<NodeMember> _members = [];

        public Members Add(string name, DocumentNode? value)
        {
            if (value is not null)
            {
                _members.Add(new NodeMember(name, default, value));
            }

            return this;
        }

        public Members Text(string name, string text) => Add(name, text.Length == 0 ? null : DocumentNode.OfText(text));

        public Members Number(string name, ulong? number) => Add(name, number is { } given ? DocumentNode.OfNumber(given.ToString(CultureInfo.InvariantCulture)) : null);

        public Members Truth(string name, bool truth) => Add(name, truth ? DocumentNode.OfTruth(true) : null);

        public Members End(string name, DateTimeOffset? end) => Text(name, end is { } given ? ExchangeDates.Of(given) : "");

        public Members Texts(string name, IEnumerable<string> texts) => List(name, texts.Select(t => DocumentNode.OfText(t)));

        public Members List(string name, IEnumerable<DocumentNode> items, bool always = false)
        {
            DocumentNode[] all = [.. items];
            return Add(name, all.Length > 0 || always ? DocumentNode.OfList(all) : null);
        }

        public DocumentNode Done() => DocumentNode.OfMembers(_members);
    }
}

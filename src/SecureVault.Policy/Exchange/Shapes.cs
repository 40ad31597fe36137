using System.Collections.Generic;
using System.Linq;

namespace SecureVault.Policy.Exchange;

/// <summary>The members of one kind of object.</summary>
internal sealed record Shape(string Name, string[] Required, string[] Optional)
{
    public IEnumerable<string> Members => Required.Concat(Optional);
}

/// <summary>Every kind of object of the document people edit, with its members. policy.schema.json says the same, and a test holds them together.</summary>
internal static class Shapes
{
    public static readonly Shape Document = new("document", ["levels", "departments", "users", "groups", "programs", "rules"], ["format", "version", "locks"]);
    public static readonly Shape Level = new("level", ["name"], ["also", "strict", "noWriteDown", "notOnHosts"]);
    public static readonly Shape Department = new("department", ["name"], ["audit", "access", "until", "encryption"]);
    public static readonly Shape Program = new("program", ["name", "images"], ["paths", "scripts", "scriptPaths"]);
    public static readonly Shape Rule = new("rule", ["name", "ceiling"], ["department", "from", "to", "compartment", "path", "users", "groups", "actions", "when", "unless", "say", "notify", "reason"]);
    public static readonly Shape Conditions = new("conditions", [], ["programs", "hours", "hosts", "online", "sessions"]);
    public static readonly Shape User = new("user", ["name"], ["uid", "sid", "expires", "encryption", "when", "grants"]);
    public static readonly Shape Group = new("group", ["name"], ["gid", "sid", "members", "grants"]);
    public static readonly Shape Grant = new("grant", ["scope"], ["mode", "expires", "when"]);
    public static readonly Shape Lock = new("lock", ["target"], ["because", "by", "since", "until"]);

    /// <summary>The one format there is.</summary>
    public const string Format = "1";

    public static IReadOnlyList<Shape> All { get; } = [Document, Level, Department, Program, Rule, Conditions, User, Group, Grant, Lock];
}

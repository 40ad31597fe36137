using System;
using System.Globalization;
using System.Linq;
using BenchmarkDotNet.Attributes;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;

namespace SecureVault.Bench;

/// <summary>One decision of a large firm's policy: 10,000 users in 1,000 groups, 1,000 rules with programs and hours, half of them for everybody. Budget: 2 us and nothing allocated.</summary>
/// <remarks>How many folders carry labels makes no difference to a decision: it is asked about one label. Labels here: 100 departments of five levels.</remarks>
public class RuleBench
{
    private const int Users = 10_000;
    private const int Groups = 1_000;
    private const int Rules = 1_000;
    private const int Departments = 100;
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Label _label = new("d7", "secret", "");
    private PolicyDocument _policy = null!;
    private Subject _subject;
    private Circumstances _office;
    private Circumstances _other;

    [GlobalSetup]
    public void Setup()
    {
        _policy = Parsed(Document());
        _subject = new Subject(5007, null, [4, 7, 50]);
        _office = new Circumstances(Now) { Program = new ProgramFacts(Digest(1), default, true), Host = "pc7", Zones = new Utc() };
        _other = _office with { Program = new ProgramFacts(Digest(2), default, true) };
    }

    [Benchmark(Baseline = true)]
    public bool Granted() => Decide(_office);

    [Benchmark]
    public bool LoweredByRule() => Decide(_other);

    /// <summary>What an edit costs a drive: reading the document and building its lookups anew.</summary>
    [Benchmark]
    public PolicyDocument Read() => Parsed(_bytes);

    private byte[] _bytes = [];

    private bool Decide(in Circumstances at) =>
        PolicyDecision.Decide(_policy, new AccessRequest { Subject = _subject, Label = _label, Action = AccessAction.Read, At = at, Path = "/Clients/acme/contracts/a.docx" }).Allowed;

    /// <summary>The document as text, made from a small one: ten thousand edits one by one would take minutes.</summary>
    private byte[] Document()
    {
        PolicyDocument small = PolicyDocument.Initial();
        _ = Hours.TryParse("mon-fri 08:00-18:00 UTC", out Hours? hours, out _);
        string json = System.Text.Encoding.UTF8.GetString(small.ToJson());
        string departments = Join(Departments, i => $"\"d{i}\"");
        string users = Join(Users, i => $$"""{"name":"u{{i}}","uid":{{1000 + i}},"sid":null,"expires":null,"encryption":"mandatory","grants":[{"department":"d{{i % Departments}}","level":"top-secret","compartment":"","mode":"plaintext","expires":null}]}""");
        string groups = Join(Groups, i => $$"""{"name":"g{{i}}","gid":{{100_000 + i}},"sid":null,"members":[{{Join(10, m => $"\"u{(i * 10) + m}\"")}}],"grants":[{"department":"d{{i % Departments}}","level":"secret","compartment":"","mode":"read-only","expires":null}]}""");
        string rules = Join(Rules, i => Rule(i, hours!));
        json = json.Replace("\"departments\":[]", $"\"departments\":[{departments}]", StringComparison.Ordinal)
            .Replace("\"users\":[]", $"\"users\":[{users}]", StringComparison.Ordinal)
            .Replace("\"groups\":[]", $"\"groups\":[{groups}],\"programs\":[{{\"name\":\"office\",\"images\":[\"{Digest(1)}\"],\"paths\":[],\"scripts\":[],\"scriptPaths\":[]}}],\"rules\":[{rules}]", StringComparison.Ordinal)
            .Replace("\"format\":1", "\"format\":4", StringComparison.Ordinal);
        return _bytes = System.Text.Encoding.UTF8.GetBytes(json);
    }

    // Half for everybody in one department each, half for one group.
    private static string Rule(int i, Hours hours)
    {
        string group = i % 2 == 0 ? "" : $"\"g{i}\"";
        string conditions = $$"""{"programs":["office"],"hours":"{{hours.Spans}}","zone":"UTC","hosts":[],"online":null,"sessions":[]}""";
        return $$"""{"name":"r{{i}}","department":"d{{i / 2 % Departments}}","from":"secret","to":"","compartment":"*","path":"/Clients/*/contracts","users":[],"groups":[{{group}}],"actions":["read","write","create","rename","delete","relabel"],"when":null,"unless":{{conditions}},"ceiling":"denied","say":"","notify":false,"reason":false}""";
    }

    // Sorted by name, as documents are.
    private static string Join(int count, Func<int, string> item) =>
        string.Join(',', Enumerable.Range(0, count).OrderBy(i => i.ToString(CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase).Select(item));

    private static PolicyDocument Parsed(byte[] json) => PolicyDocument.TryParse(json, out PolicyDocument? policy) ? policy! : throw new InvalidOperationException("The policy of the benchmark is none.");

    private static Digest256 Digest(ulong number) => new(number, 0, 0, number);

    private sealed class Utc : IZones
    {
        public bool TryLocal(string zone, DateTimeOffset now, out DateTime local)
        {
            local = now.UtcDateTime;
            return true;
        }
    }
}

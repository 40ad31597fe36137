using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Json.Schema;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Exchange;
using SecureVault.Service.Administration;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.Tests.Policy;

/// <summary>The document people edit: written, read back, and every fault told with its place.</summary>
public sealed class PolicyExchangeTests(ITestOutputHelper output)
{
    private const string Odd = "{}[]:,-#&*!|>'\"%@` \n\tab01~";
    private const string Empty = "\"users\":[],\"groups\":[],\"programs\":[],\"rules\":[]";

    [Fact]
    public void An_export_applied_gives_the_same_policy_whatever_it_holds()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        JsonSchema schema = Schema();
        for (int round = 0; round < 150; round++)
        {
            PolicyDocument policy = RuleModelTests.RandomPolicy(random);
            foreach (bool asYaml in new[] { false, true })
            {
                string text = PolicyFiles.Text(policy, asYaml);
                PolicyDraft draft = PolicyDraft.Read(TreeOf(text, asYaml, out DocumentFaults faults), faults, null);
                Assert.True(draft.Faults.Count == 0, $"seed {seed}, round {round}: {string.Join('\n', draft.Faults)}\n{text}");
                PolicyDocument next = draft.On(policy).Policy!;
                Assert.Equal(Encoding.UTF8.GetString(policy.Republished(policy.Version + 1).ToJson()), Encoding.UTF8.GetString(next.ToJson()));
                Assert.Equal(policy.Version, draft.WrittenAt);
            }

            if (round < 30)
            {
                using JsonDocument json = JsonDocument.Parse(PolicyFiles.Text(policy, false));
                Assert.True(schema.Evaluate(json.RootElement).IsValid, $"seed {seed}, round {round}");
            }
        }
    }

    [Fact]
    public void The_schema_has_the_members_that_the_reader_knows_and_no_others()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText("policy.schema.json"));
        JsonElement kinds = schema.RootElement.GetProperty("$defs");
        string[] objects = [.. kinds.EnumerateObject().Where(d => d.Value.TryGetProperty("properties", out _)).Select(d => d.Name)];
        Assert.Equal(Shapes.All.Select(s => s.Name).Order(StringComparer.Ordinal), objects.Order(StringComparer.Ordinal));
        foreach (Shape shape in Shapes.All)
        {
            JsonElement kind = kinds.GetProperty(shape.Name);
            Assert.Equal(shape.Members.Order(StringComparer.Ordinal), kind.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
            string[] required = kind.TryGetProperty("required", out JsonElement names) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : [];
            Assert.Equal(shape.Required.Order(StringComparer.Ordinal), required.Order(StringComparer.Ordinal));
            Assert.False(kind.GetProperty("additionalProperties").GetBoolean());
        }
    }

    [Fact]
    public void Every_fault_is_told_with_its_place_and_the_name_that_was_meant()
    {
        const string yaml = """
            levels:
              - name: public
              - name: secret
                stricct: true
            departments:
              - finance
              - sales/east
            users:
              - name: alice
                uid: "1001"
                grants: [finanse:secret, finance:secret, finance:secret]
              - name: bob
                uid: 1002
                expires: tomorrow
            groups:
              - name: staff
                members: [alise]
            programs: []
            rules:
              - name: hours
                ceiling: deny
                from: secret
                to: public
                users: [bobb]
                path: Payroll
                unless:
                  hours: mon-fri 08:00-18:00 Europe/Berlim
            """;
        string[] faults = [.. PolicyFiles.Parse(Encoding.UTF8.GetBytes(yaml), asYaml: true).Faults.Select(f => f.ToString())];
        void Told(string place, string words) => Assert.Contains(faults, f => f.StartsWith(place, StringComparison.Ordinal) && f.Contains(words, StringComparison.Ordinal));
        Told("4:5:", "did you mean strict?");
        Told("7:5:", "needs sales above it");
        Told("10:10:", "a whole number");
        Told("11:14:", "did you mean finance?");
        Told("11:46:", "already");
        Told("14:14:", "the last day");
        Told("17:15:", "did you mean alice?");
        Told("21:14:", "denied or read-only");
        Told("22:11:", "is above");
        Told("24:13:", "did you mean bob?");
        Told("25:11:", "pattern of paths");
        Told("27:14:", "Europe/Berlim");
        Assert.Equal(12, faults.Length);
    }

    [Theory]
    [InlineData("{\"levels\":[{\"name\":\"a\"}],\"levels\":[],\"departments\":[]," + Empty + "}", "1:26:", "here already")]
    [InlineData("{\"levels\":[{\"name\":\"a\\u0000b\"}],\"departments\":[]," + Empty + "}", "1:20:", "control character")]
    [InlineData("{\"levels\":[{\"name\":\"a\\ud800\"}],\"departments\":[]," + Empty + "}", "1:20:", "lone surrogate")]
    [InlineData("{\"levels\":[{\"name\":\"a\"}],\"departments\":[]}", "1:1:", "users is missing")]
    [InlineData("{\"levels\":[{\"name\":\"a\"}],\n  \"departments\":[}", "2:18:", "no JSON")]
    [InlineData("[]", "1:1:", "members")]
    [InlineData("", "1:1:", "empty")]
    [InlineData("{\"format\":2,\"levels\":[{\"name\":\"a\"}],\"departments\":[]," + Empty + "}", "1:11:", "format 2")]
    public void What_is_no_policy_is_told_where_it_is_none(string json, string place, string words)
    {
        PolicyDraft draft = PolicyDraft.Read(TreeOf(json, false, out DocumentFaults faults), faults, null);
        Assert.Contains(draft.Faults, f => f.ToString().StartsWith(place, StringComparison.Ordinal) && f.Problem.Contains(words, StringComparison.Ordinal));
        Assert.Null(draft.On(PolicyDocument.Initial()).Policy);
    }

    [Theory]
    [InlineData("a: &x [*x, *x]", "anchors")]
    [InlineData("a: *x", "aliases")]
    [InlineData("a: !!binary x", "tags")]
    [InlineData("a: [1", "no YAML")]
    [InlineData("a: 1\n---\nb: 2", "second document")]
    [InlineData("? [a]\n: b", "a word")]
    [InlineData("a: 1\na: 2", "here already")]
    [InlineData("levels:\n\t- x", "no YAML")]
    public void Yaml_that_hides_something_is_refused(string yaml, string words) =>
        Assert.Contains(PolicyFiles.Parse(Encoding.UTF8.GetBytes(yaml), asYaml: true).Faults, f => f.Problem.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData(false, '[', "")]
    [InlineData(true, '[', "")]
    [InlineData(false, '{', "\"a\":")]
    [InlineData(true, '{', "a: ")]
    public void Ten_thousand_deep_and_ten_mebibytes_end_soon_and_with_a_sentence(bool asYaml, char open, string name)
    {
        var clock = Stopwatch.StartNew();
        string one = open + name;
        Assert.NotEmpty(PolicyFiles.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(one, 10_000))), asYaml).Faults);
        Assert.NotEmpty(PolicyFiles.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(one, DocumentLimits.Size / one.Length))), asYaml).Faults);
        byte[] wide = Encoding.UTF8.GetBytes(open + string.Concat(Enumerable.Repeat(open == '[' ? "\"x\"," : "\"x\": 1,", DocumentLimits.Size / (asYaml ? 60 : 9))));
        Assert.NotEmpty(PolicyFiles.Parse(wide, asYaml).Faults);
        Assert.Contains("larger", Assert.Single(PolicyFiles.Parse(new byte[DocumentLimits.Size + 1], asYaml).Faults).Problem, StringComparison.Ordinal);
        output.WriteLine($"{clock.ElapsedMilliseconds} ms");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told_and_nothing_else()
    {
        Assert.Contains("no UTF-8", PolicyFiles.Parse([.. "a: \n"u8, 0xff, 0xfe], asYaml: true).Faults[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("2:1:", PolicyFiles.Parse([.. "a: \n"u8, 0xff, 0xfe], asYaml: true).Faults[0].ToString(), StringComparison.Ordinal);
        var random = new Random(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] noise = new byte[random.Next(1, 60)];
            random.NextBytes(noise);
            Assert.NotEmpty(PolicyFiles.Parse(noise, asYaml: i % 2 == 0).Faults);
            string text = new([.. noise.Select(n => Odd[n % Odd.Length])]);
            Assert.NotEmpty(PolicyFiles.Parse(Encoding.UTF8.GetBytes(text), asYaml: true).Faults);
        }
    }

    [Fact]
    public void A_document_keeps_incident_locks_and_will_not_lose_who_is_locked()
    {
        PolicyDocument policy = PolicyDecisionTests.Build(
            p => p.AddUser("bob", 1002, null, null, EncryptionMode.Mandatory),
            p => p.Lock(new IncidentLock(LockKind.User, "bob", "lost laptop", "carol", DateTimeOffset.UnixEpoch, null)));
        string text = PolicyFiles.Text(policy, false);
        Assert.Contains("\"target\": \"user bob\"", text, StringComparison.Ordinal);
        Assert.Single(PolicyFiles.Parse(Encoding.UTF8.GetBytes(text.Replace("lost laptop", "nothing", StringComparison.Ordinal)), false).On(policy).Policy!.Locks, l => l.Because == "lost laptop");
        string without = PolicyFiles.Text(PolicyDocument.Initial(), false);
        Assert.Contains("incident lock", PolicyFiles.Parse(Encoding.UTF8.GetBytes(without), false).On(policy).Error, StringComparison.Ordinal);
    }

    private static JsonSchema Schema() => JsonSchema.FromText(File.ReadAllText("policy.schema.json"));

    private static DocumentNode? TreeOf(string text, bool asYaml, out DocumentFaults faults)
    {
        faults = new DocumentFaults();
        return asYaml ? SecureVault.Service.Yaml.YamlTree.Read(text, faults) : JsonTree.Read(Encoding.UTF8.GetBytes(text), faults);
    }
}

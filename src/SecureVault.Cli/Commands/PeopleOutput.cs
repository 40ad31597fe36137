using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>Users and groups as tables and as JSON.</summary>
internal static class PeopleOutput
{
    public static void Users(Terminal terminal, IReadOnlyList<UserRow> users, bool asJson)
    {
        if (asJson)
        {
            Json.PrintArray(terminal, users, (json, user) =>
            {
                json.WriteString("user", user.Name);
                Json.WriteNumber(json, "uid", user.Uid);
                json.WriteString("sid", user.Sid);
                Json.WriteInstant(json, "expires", user.Expires);
                json.WriteString("encryption", user.Encryption);
                Grants(json, user.Grants);
            });
            return;
        }

        var listing = new Listing("user", "uid", "sid", "encryption", "until", "grants");
        foreach (UserRow user in users)
        {
            listing.Add(user.Name, Number(user.Uid), user.Sid ?? "", user.Encryption, user.Expires is { } end ? Expiry.Shown(end) : "", Grants(user.Grants));
        }

        listing.Print(terminal, "No user yet; add one: securevault user add VAULT alice --uid 1001");
    }

    public static void Groups(Terminal terminal, IReadOnlyList<GroupRow> groups, bool asJson)
    {
        if (asJson)
        {
            Json.PrintArray(terminal, groups, (json, group) =>
            {
                json.WriteString("group", group.Name);
                Json.WriteNumber(json, "gid", group.Gid);
                json.WriteString("sid", group.Sid);
                Json.WriteTexts(json, "members", group.Members);
                Grants(json, group.Grants);
            });
            return;
        }

        var listing = new Listing("group", "gid", "sid", "members", "grants");
        foreach (GroupRow group in groups)
        {
            listing.Add(group.Name, Number(group.Gid), group.Sid ?? "", string.Join(", ", group.Members), Grants(group.Grants));
        }

        listing.Print(terminal, "No group yet; add one: securevault group add VAULT auditors");
    }

    private static string Number(uint? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Grants(IReadOnlyList<GrantRow> grants) =>
        string.Join(", ", grants.Select(g => $"{g.Scope} {g.Mode}{(g.Expires is { } end ? $" until {Expiry.Shown(end)}" : "")}"));

    private static void Grants(Utf8JsonWriter json, IReadOnlyList<GrantRow> grants)
    {
        json.WriteStartArray("grants");
        foreach (GrantRow grant in grants)
        {
            json.WriteStartObject();
            json.WriteString("scope", grant.Scope);
            json.WriteString("mode", grant.Mode);
            Json.WriteInstant(json, "expires", grant.Expires);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

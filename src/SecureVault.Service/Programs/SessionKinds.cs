using System;
using System.IO;
using System.Linq;
using System.Text;

namespace SecureVault.Service.Programs;

/// <summary>How a process's user came to the machine, by the control group it is in (cgroups(7)) and what systemd-logind says of the session in /run/systemd.</summary>
/// <remarks>
/// The first group from the top decides: below its own user manager a user may name groups as he likes. What a desktop starts is in the user manager's groups and not in the session's; it counts as of the session that
/// has the user's display, so what the same user starts by systemd-run from a remote session counts as the desktop's.
/// </remarks>
internal sealed class SessionKinds(string run)
{
    private const int LongestGroups = 1 << 14;
    private const string Console = "console", Remote = "remote", Service = "service";

    /// <summary>"console", "remote", "service", or empty when not known.</summary>
    public string Of(ProcessFolder process)
    {
        string groups = process.Read("cgroup", LongestGroups, out _) is { } text ? Encoding.UTF8.GetString(text) : "";
        return groups.Split('\n').Select(OfGroup).FirstOrDefault(kind => kind.Length > 0) ?? "";
    }

    /// <summary>A line: number:controllers:path. systemd's own are those without a controller and the one it names.</summary>
    private string OfGroup(string line)
    {
        if (line.Split(':', 3) is not [_, "" or "name=systemd", string path])
        {
            return "";
        }

        foreach (string group in path.Split('/'))
        {
            string kind = Between(group, "session-", ".scope") is { Length: > 0 } session ? OfSession(session)
                : Between(group, "user@", ".service") is { Length: > 0 } user ? OfUser(user)
                : group.EndsWith(".service", StringComparison.Ordinal) ? Service
                : "";
            if (kind.Length > 0)
            {
                return kind;
            }
        }

        return "";
    }

    private string OfSession(string id)
    {
        string[] session = Lines("sessions", id);
        string service = Value(session, "SERVICE");
        return session.Length == 0 ? ""
            : Value(session, "REMOTE") == "1" || service.StartsWith("xrdp", StringComparison.Ordinal) ? Remote
            : Value(session, "TYPE") is "tty" or "x11" or "wayland" or "mir" ? Console
            : Value(session, "CLASS").StartsWith("background", StringComparison.Ordinal) || Value(session, "TYPE") is "unspecified" or "" ? Service
            : "";
    }

    private string OfUser(string number)
    {
        string[] user = Lines("users", number);
        string session = Value(user, "DISPLAY");
        session = session.Length > 0 ? session : Value(user, "ACTIVE_SESSIONS").Split(' ')[0];
        return session.Length > 0 ? OfSession(session) : Service;
    }

    /// <summary>Lines of a file that systemd-logind keeps: NAME=value. None when there is no such file, or the name is none of its.</summary>
    private string[] Lines(string kind, string name)
    {
        try
        {
            return name.All(char.IsAsciiLetterOrDigit) ? File.ReadAllLines($"{run}/systemd/{kind}/{name}") : [];
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Value(string[] lines, string name) =>
        Array.Find(lines, l => l.StartsWith($"{name}=", StringComparison.Ordinal)) is { } line ? line[(name.Length + 1)..].Trim('"') : "";

    private static string Between(string text, string start, string end) =>
        text.Length > start.Length + end.Length && text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal) ? text[start.Length..^end.Length] : "";
}

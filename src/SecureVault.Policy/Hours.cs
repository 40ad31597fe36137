using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SecureVault.Policy;

/// <summary>Days and hours of a week on the wall clock of a time zone: "mon-fri 08:00-18:00, sat 09:00-12:00 Europe/Berlin".</summary>
/// <remarks>Immutable. A span that ends before it begins goes on past midnight and belongs to the day it begins on. The end is exclusive; 24:00 is the end of the day.</remarks>
public sealed class Hours
{
    private const int MinutesOfDay = 24 * 60;
    private const int MostSpans = 32;
    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private readonly Span[] _spans;

    private Hours(Span[] spans, string zone)
    {
        _spans = spans;
        Zone = zone;
    }

    /// <summary>Name in the IANA time zone database.</summary>
    public string Zone { get; }

    /// <summary>The spans without the zone, in their one spelling.</summary>
    public string Spans => string.Join(", ", _spans.Select(s => s.ToString()));

    /// <summary>Spans and zone, as TryParse reads them.</summary>
    public override string ToString() => $"{Spans} {Zone}";

    /// <summary>Whether the wall clock stands in one of the spans. Does not allocate.</summary>
    public bool Contain(DateTime local)
    {
        int day = ((int)local.DayOfWeek + 6) % 7;
        int minute = (local.Hour * 60) + local.Minute;
        foreach (Span span in _spans)
        {
            if (span.Contains(day, minute))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads "SPANS ZONE"; problem is a sentence that says what is wrong with it.</summary>
    public static bool TryParse(string text, out Hours? hours, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        int blank = text.TrimEnd().LastIndexOf(' ');
        string zone = text[(blank + 1)..].Trim();
        if (blank < 0 || zone.Contains(':') || Array.IndexOf(Days, zone.Split('-')[0]) >= 0)
        {
            hours = null;
            problem = $"'{text}' names no time zone; write days, hours and a zone, for example mon-fri 08:00-18:00 Europe/Berlin.";
            return false;
        }

        return TryParse(text[..blank], zone, out hours, out problem);
    }

    /// <summary>As TryParse of the two together. That the zone exists is for the machine to say.</summary>
    public static bool TryParse(string spans, string zone, out Hours? hours, out string problem)
    {
        ArgumentNullException.ThrowIfNull(spans);
        hours = null;
        string[] parts = spans.Split(',');
        var read = new List<Span>();
        foreach (string part in parts.Take(MostSpans + 1))
        {
            if (!Span.TryParse(part.Trim(), out Span span))
            {
                problem = $"'{part.Trim()}' is no time of the week; write days and hours, for example mon-fri 08:00-18:00 or sat 22:00-06:00.";
                return false;
            }

            read.Add(span);
        }

        problem = read.Count > MostSpans ? $"there are more than {MostSpans} spans of hours." : IsZone(zone) ? "" : $"'{zone}' is no name of a time zone; write one of the IANA database, for example Europe/Berlin, Asia/Shanghai or UTC.";
        hours = problem.Length == 0 ? new Hours([.. read], zone) : null;
        return problem.Length == 0;
    }

    private static bool IsZone(string zone) =>
        zone.Length is > 0 and <= 64 && char.IsAsciiLetter(zone[0]) && zone.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && !zone.Contains("//", StringComparison.Ordinal);

    private readonly record struct Span(int FirstDay, int LastDay, int From, int To)
    {
        public bool Contains(int day, int minute) => From < To
            ? Has(day) && minute >= From && minute < To
            : (Has(day) && minute >= From) || (Has((day + 6) % 7) && minute < To);

        public override string ToString() =>
            $"{Days[FirstDay]}{(FirstDay == LastDay ? "" : "-" + Days[LastDay])} {Clock(From)}-{Clock(To)}";

        public static bool TryParse(string text, out Span span)
        {
            span = default;
            string[] halves = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (halves.Length != 2)
            {
                return false;
            }

            string[] days = halves[0].Split('-');
            string[] ends = halves[1].Split('-');
            if (days.Length > 2 || ends.Length != 2 || !TryMinute(ends[0], out int from) || !TryMinute(ends[1], out int to) || from == to || from == MinutesOfDay)
            {
                return false;
            }

            int first = Day(days[0]);
            int last = Day(days[^1]);
            span = new Span(first, last, from, to);
            return first >= 0 && last >= 0;
        }

        // From saturday to monday goes by way of sunday.
        private bool Has(int day) => FirstDay <= LastDay ? day >= FirstDay && day <= LastDay : day >= FirstDay || day <= LastDay;

        private static int Day(string name) => Array.FindIndex(Days, d => d.Equals(name, StringComparison.OrdinalIgnoreCase));

        private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

        private static bool TryMinute(string text, out int minute)
        {
            minute = 0;
            if (text.Length != 5 || text[2] != ':' || !int.TryParse(text[..2], NumberStyles.None, CultureInfo.InvariantCulture, out int hour) || !int.TryParse(text[3..], NumberStyles.None, CultureInfo.InvariantCulture, out int rest))
            {
                return false;
            }

            minute = (hour * 60) + rest;
            return rest < 60 && minute <= MinutesOfDay;
        }
    }
}

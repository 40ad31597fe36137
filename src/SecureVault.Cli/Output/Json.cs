using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecureVault.Cli.Output;

/// <summary>What --json prints: one document and a line break. CLI.md promises its members.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    public static void Print(Terminal terminal, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        terminal.Output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>An array of objects.</summary>
    public static void PrintArray<T>(Terminal terminal, IEnumerable<T> items, Action<Utf8JsonWriter, T> members) => Print(terminal, json =>
    {
        json.WriteStartArray();
        foreach (T item in items)
        {
            json.WriteStartObject();
            members(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>An array of any length, printed as it comes: work hands the objects on one by one, and its answer is passed on.</summary>
    public static TResult StreamArray<T, TResult>(Terminal terminal, Func<Action<T>, TResult> work, Action<Utf8JsonWriter, T> members)
    {
        const int piece = 32 * 1024;
        var buffer = new ArrayBufferWriter<byte>(2 * piece);
        using var json = new Utf8JsonWriter(buffer, Options);
        void Hand(int most)
        {
            json.Flush();
            if (buffer.WrittenCount >= most)
            {
                terminal.Output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
                buffer.ResetWrittenCount();
            }
        }

        json.WriteStartArray();
        TResult result = work(item =>
        {
            json.WriteStartObject();
            members(json, item);
            json.WriteEndObject();
            Hand(piece);
        });
        json.WriteEndArray();
        Hand(0);
        terminal.Output.WriteLine();
        return result;
    }

    /// <summary>One object.</summary>
    public static void PrintObject(Terminal terminal, Action<Utf8JsonWriter> members) => Print(terminal, json =>
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    });

    public static void WriteNumber(Utf8JsonWriter json, string name, ulong? number)
    {
        if (number is { } given)
        {
            json.WriteNumber(name, given);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? instant) =>
        json.WriteString(name, instant is { } given ? Instants.Machine(given) : null);

    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}

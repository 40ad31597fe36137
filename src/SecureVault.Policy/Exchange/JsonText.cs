using System;
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecureVault.Policy.Exchange;

/// <summary>Writes a tree as indented JSON.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    /// <summary>With a line break at its end.</summary>
    public static string Of(DocumentNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, node);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, DocumentNode node)
    {
        switch (node.Shape)
        {
            case NodeShape.Members:
                json.WriteStartObject();
                foreach (NodeMember member in node.Members)
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case NodeShape.List:
                json.WriteStartArray();
                foreach (DocumentNode item in node.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case NodeShape.Text:
                json.WriteStringValue(node.Text);
                break;
            case NodeShape.Nothing:
                json.WriteNullValue();
                break;
            default:
                json.WriteRawValue(node.Text);
                break;
        }
    }
}

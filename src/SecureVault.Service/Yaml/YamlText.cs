using System;
using System.IO;
using SecureVault.Policy.Exchange;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SecureVault.Service.Yaml;

/// <summary>Writes a tree as YAML that YamlTree, and readers of YAML 1.1 and 1.2, read as the same.</summary>
public static class YamlText
{
    private static readonly string[] OldWords = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

    /// <summary>With a line break at its end.</summary>
    public static string Of(DocumentNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue).WithIndentedSequences());
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, DocumentNode node)
    {
        switch (node.Shape)
        {
            case NodeShape.Members:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, node.Members.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (NodeMember member in node.Members)
                {
                    Write(emitter, DocumentNode.OfText(member.Name));
                    Write(emitter, member.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case NodeShape.List:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, node.Items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (DocumentNode item in node.Items)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            default:
                string word = node.Shape == NodeShape.Nothing ? "null" : node.Text;
                ScalarStyle style = node.Shape == NodeShape.Text && IsDoubtful(word) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, word, style, isPlainImplicit: true, isQuotedImplicit: true));
                break;
        }
    }

    /// <summary>Whether some reader would take the text for a number, a date, a truth or nothing, or not see its ends.</summary>
    private static bool IsDoubtful(string text) =>
        text.Length == 0 || YamlWords.Shape(text) != NodeShape.Text || text != text.Trim() || text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal)
        || char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.' or '=' or '<' || Array.Exists(OldWords, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
}

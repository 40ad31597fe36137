using System.Collections.Generic;

namespace SecureVault.Policy.Exchange;

/// <summary>What a value of a document is.</summary>
public enum NodeShape : byte
{
    Nothing = 0,
    Text = 1,
    Number = 2,
    Truth = 3,
    List = 4,
    Members = 5,
}

/// <summary>Where something stands in a text: both from 1, the column in characters.</summary>
public readonly record struct TextPlace(int Line, int Column);

/// <summary>A member of an object, with the place of its name.</summary>
public sealed record NodeMember(string Name, TextPlace Place, DocumentNode Value);

/// <summary>A value of a document that people edit, JSON or YAML alike. Immutable once it was read.</summary>
/// <param name="Shape">What it is.</param>
/// <param name="Place">Where it begins.</param>
/// <param name="Text">Of a text; of numbers and truths as they are written; empty otherwise.</param>
/// <param name="Items">Of a list.</param>
/// <param name="Members">Of an object, in the order of the document, none twice.</param>
public sealed record DocumentNode(NodeShape Shape, TextPlace Place, string Text, IReadOnlyList<DocumentNode> Items, IReadOnlyList<NodeMember> Members)
{
    public static DocumentNode OfText(string text, TextPlace place = default) => new(NodeShape.Text, place, text, [], []);

    public static DocumentNode OfNumber(string digits, TextPlace place = default) => new(NodeShape.Number, place, digits, [], []);

    public static DocumentNode OfTruth(bool truth, TextPlace place = default) => new(NodeShape.Truth, place, truth ? "true" : "false", [], []);

    public static DocumentNode OfNothing(TextPlace place = default) => new(NodeShape.Nothing, place, "", [], []);

    public static DocumentNode OfList(IReadOnlyList<DocumentNode> items, TextPlace place = default) => new(NodeShape.List, place, "", items, []);

    public static DocumentNode OfMembers(IReadOnlyList<NodeMember> members, TextPlace place = default) => new(NodeShape.Members, place, "", [], members);
}

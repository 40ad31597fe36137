using System;
using System.Text;

namespace SecureVault.FileSystem.Namespace;

/// <summary>Path inside the vault for display, of an object or of a name in a folder; spelled only where somebody asks for it.</summary>
/// <remarks>Names that are not UTF-8 lose those bytes. Cut to the last 1024 names, and of those to the first MaxLength characters.</remarks>
internal readonly ref struct ObjectPath
{
    /// <summary>Characters that are kept: more than a record has room for.</summary>
    public const int MaxLength = 4352;

    private const int MostNames = 1024;
    private readonly Node _node;
    private readonly ReadOnlySpan<byte> _name;

    /// <param name="node">The object, or the folder that the name is in.</param>
    /// <param name="name">Empty for the object itself.</param>
    public ObjectPath(Node node, ReadOnlySpan<byte> name)
    {
        _node = node;
        _name = name;
    }

    /// <summary>The path at the end of buffer, which has MaxLength characters.</summary>
    public ReadOnlySpan<char> Spell(Span<char> buffer)
    {
        Place? place = _node.Place;
        bool isDeleted = place is null && !_node.IsRoot;
        int start = MaxLength;
        if (!_name.IsEmpty || (place is null && _node.IsRoot))
        {
            start = Prepend(buffer, start, _name);
        }

        for (int names = 0; place is not null && names < MostNames; names++, place = place.Parent.Place)
        {
            start = Prepend(buffer, start, place.Name);
        }

        if (isDeleted)
        {
            start = MakeRoom(buffer, start, Deleted.Length);
            Deleted.CopyTo(buffer[start..]);
        }

        return buffer[start..];
    }

    public override string ToString() => Spell(stackalloc char[MaxLength]).ToString();

    private static ReadOnlySpan<char> Deleted => "(deleted)";

    /// <summary>A slash and the name before what begins at start; answers where it begins now.</summary>
    private static int Prepend(Span<char> buffer, int start, ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, MaxLength - 1)];
        start = MakeRoom(buffer, start, 1 + Encoding.UTF8.GetCharCount(name));
        buffer[start] = '/';
        Encoding.UTF8.GetChars(name, buffer[(start + 1)..]);
        return start;
    }

    /// <summary>Where count more characters go; when there is no room for them before start, the path's end makes it.</summary>
    private static int MakeRoom(Span<char> buffer, int start, int count)
    {
        if (start >= count)
        {
            return start - count;
        }

        buffer[start..(start + MaxLength - count)].CopyTo(buffer[count..]);
        return 0;
    }
}

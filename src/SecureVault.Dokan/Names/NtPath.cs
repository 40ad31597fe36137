using System;
using SecureVault.Dokan.Values;

namespace SecureVault.Dokan.Names;

/// <summary>A path inside the drive: "\" or components each after a backslash. Walked from left to right without allocating.</summary>
internal ref struct NtPath
{
    /// <summary>Longest path, in characters: what a UNICODE_STRING and the drive's own prefix leave.</summary>
    public const int MaxLength = 32_000;

    private ReadOnlySpan<char> _rest;

    private NtPath(ReadOnlySpan<char> rest) => _rest = rest;

    /// <summary>True when no component is left.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Checks the whole path, so that a bad name is refused before anything is looked up.</summary>
    /// <returns>NameTooLong; ObjectNameInvalid for an empty component, "." and "..", a stream (any ':'), a device, a trailing dot or space, a character no name may hold.</returns>
    public static NtStatus Parse(string text, out NtPath path)
    {
        path = default;
        if (text.Length > MaxLength)
        {
            return NtStatus.NameTooLong;
        }

        if (text.Length == 0 || text[0] != '\\')
        {
            return NtStatus.ObjectNameInvalid;
        }

        path = new NtPath(text.Length == 1 ? default : text.AsSpan());
        NtPath check = path;
        Span<byte> name = stackalloc byte[NtName.MaxBytes];
        NtStatus status = NtStatus.Success;
        while (status == NtStatus.Success && !check.AtEnd)
        {
            status = check.Next(name, out _);
        }

        return status;
    }

    /// <summary>Takes the next component.</summary>
    /// <param name="name">Room for 255 bytes.</param>
    /// <param name="length">Bytes of the name in the vault.</param>
    public NtStatus Next(scoped Span<byte> name, out int length)
    {
        ReadOnlySpan<char> text = _rest[1..];
        int end = text.IndexOf('\\');
        end = end < 0 ? text.Length : end;
        _rest = text[end..];
        return NtName.Decode(text[..end], name, out length);
    }
}

using System;
using System.IO;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using SecureVault.Dokan.Values;

namespace SecureVault.Dokan.Driver;

/// <summary>The framework's words for a request of a file, as DokanNet uses them, and NT's.</summary>
[SupportedOSPlatform("windows")]
internal static class FrameworkValues
{
    /// <summary>Dokan's library has told SUPERSEDE and OVERWRITE_IF as one already.</summary>
    public static NtDisposition Disposition(FileMode mode) => mode switch
    {
        FileMode.CreateNew => NtDisposition.Create,
        FileMode.Create => NtDisposition.OverwriteIf,
        FileMode.OpenOrCreate => NtDisposition.OpenIf,
        FileMode.Truncate => NtDisposition.Overwrite,
        _ => NtDisposition.Open,
    };

    public static NtOptions Options(FileOptions options, bool folder) =>
        (folder ? NtOptions.DirectoryFile : NtOptions.None) | ((options & FileOptions.DeleteOnClose) != 0 ? NtOptions.DeleteOnClose : NtOptions.None);

    public static NtSecurityParts Parts(AccessControlSections sections) =>
        ((sections & AccessControlSections.Owner) != 0 ? NtSecurityParts.Owner : 0)
        | ((sections & AccessControlSections.Group) != 0 ? NtSecurityParts.Group : 0)
        | ((sections & AccessControlSections.Access) != 0 ? NtSecurityParts.Dacl : 0)
        | ((sections & AccessControlSections.Audit) != 0 ? NtSecurityParts.Sacl : 0);

    /// <summary>A descriptor with the parts that the bytes have; it may be none (of an integrity label alone, which DokanNet tells as no section).</summary>
    public static FileSystemSecurity Security(byte[] descriptor, bool folder)
    {
        FileSystemSecurity security = folder ? new DirectorySecurity() : new FileSecurity();
        security.SetSecurityDescriptorBinaryForm(descriptor);
        return security;
    }

    public static NtTime? Time(DateTime? time) => time is { } given ? new NtTime(given.ToFileTimeUtc()) : null;

    public static DateTime Time(NtTime time) => DateTime.FromFileTimeUtc(Math.Clamp(time.Ticks, 0, DateTime.MaxValue.ToFileTimeUtc()));

    /// <summary>Ends with a 0; what does not fit is left out.</summary>
    public static void Put(string? text, Span<char> room)
    {
        if (!room.IsEmpty)
        {
            ReadOnlySpan<char> fits = text.AsSpan(0, Math.Min(text?.Length ?? 0, room.Length - 1));
            fits.CopyTo(room);
            room[fits.Length] = '\0';
        }
    }
}

using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>From access masks to what the engine is asked for.</summary>
internal static class AccessMask
{
    private const NtAccess Generic = NtAccess.GenericAll | NtAccess.GenericExecute | NtAccess.GenericWrite | NtAccess.GenericRead;

    /// <summary>Writes through the handle; of folders, that is decided when a name is made.</summary>
    public const NtAccess Writing = NtAccess.WriteData | NtAccess.AppendData;

    /// <summary>Reads through the handle. Running a program reads it.</summary>
    public const NtAccess Reading = NtAccess.ReadData | NtAccess.Execute;

    /// <summary>
    /// What DeleteFileW asks for, and nobody else known: every other way to open by name waits for the answer and so asks for SYNCHRONIZE too.
    /// It says NON_DIRECTORY_FILE besides, which DokanNet does not hand over; WINDOWS.md, "A folder opened as a file".
    /// </summary>
    public const NtAccess OfDeleteFile = NtAccess.Delete | NtAccess.ReadAttributes;

    /// <summary>Replaces generic bits by those they mean for files (MS-DTYP 2.4.3).</summary>
    public static NtAccess Map(NtAccess access)
    {
        NtAccess mapped = access & ~Generic;
        mapped |= (access & NtAccess.GenericRead) != 0 ? NtAccess.FileGenericRead : NtAccess.None;
        mapped |= (access & NtAccess.GenericWrite) != 0 ? NtAccess.FileGenericWrite : NtAccess.None;
        mapped |= (access & NtAccess.GenericExecute) != 0 ? NtAccess.FileGenericExecute : NtAccess.None;
        return mapped | ((access & NtAccess.GenericAll) != 0 ? NtAccess.FileAllAccess : NtAccess.None);
    }

    /// <summary>What MAXIMUM_ALLOWED comes to.</summary>
    /// <param name="right">By the label.</param>
    /// <param name="readOnly">The file has the attribute.</param>
    public static NtAccess Most(AccessRight right, bool readOnly) => right switch
    {
        AccessRight.ReadWrite when readOnly => NtAccess.FileAllAccess & ~Writing & ~NtAccess.Delete,
        AccessRight.ReadWrite => NtAccess.FileAllAccess,
        AccessRight.Read => NtAccess.FileReadAndExecute,
        _ => NtAccess.ReadControl | NtAccess.ReadAttributes | NtAccess.Synchronize,
    };

    /// <summary>None when only attributes, security or deletion are asked for.</summary>
    public static OpenIntent Intent(NtAccess access)
    {
        OpenIntent intent = (access & Reading) != 0 ? OpenIntent.Read : OpenIntent.None;
        intent |= (access & Writing) != 0 ? OpenIntent.Write : OpenIntent.None;
        bool appendsOnly = (access & Writing) == NtAccess.AppendData;
        return intent | (appendsOnly ? OpenIntent.Append : OpenIntent.None);
    }
}

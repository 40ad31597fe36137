using SecureVault.Dokan.Values;

namespace SecureVault.Dokan.Operations;

/// <summary>Who has an object open for what, and what each lets others do: the rules of IoCheckShareAccess (MS-FSA 2.1.5.1.2.2).</summary>
/// <remarks>Under OpenNodes' lock.</remarks>
internal struct ShareCounts
{
    private int _open;
    private int _readers;
    private int _writers;
    private int _deleters;
    private int _sharesRead;
    private int _sharesWrite;
    private int _sharesDelete;

    /// <summary>True when an open for this access with this sharing agrees with all there are. Opens for attributes only always do.</summary>
    public readonly bool Allows(NtAccess access, NtShare share)
    {
        if (!Counts(access))
        {
            return true;
        }

        bool theyLet = (!Reads(access) || _sharesRead == _open) && (!Writes(access) || _sharesWrite == _open) && (!Deletes(access) || _sharesDelete == _open);
        bool weLet = (_readers == 0 || (share & NtShare.Read) != 0) && (_writers == 0 || (share & NtShare.Write) != 0) && (_deleters == 0 || (share & NtShare.Delete) != 0);
        return theyLet && weLet;
    }

    /// <param name="by">1 when opened, -1 when cleaned up.</param>
    public void Count(NtAccess access, NtShare share, int by)
    {
        if (!Counts(access))
        {
            return;
        }

        _open += by;
        _readers += Reads(access) ? by : 0;
        _writers += Writes(access) ? by : 0;
        _deleters += Deletes(access) ? by : 0;
        _sharesRead += (share & NtShare.Read) != 0 ? by : 0;
        _sharesWrite += (share & NtShare.Write) != 0 ? by : 0;
        _sharesDelete += (share & NtShare.Delete) != 0 ? by : 0;
    }

    private static bool Counts(NtAccess access) => Reads(access) || Writes(access) || Deletes(access);

    private static bool Reads(NtAccess access) => (access & (NtAccess.ReadData | NtAccess.Execute)) != 0;

    private static bool Writes(NtAccess access) => (access & (NtAccess.WriteData | NtAccess.AppendData)) != 0;

    private static bool Deletes(NtAccess access) => (access & NtAccess.Delete) != 0;
}

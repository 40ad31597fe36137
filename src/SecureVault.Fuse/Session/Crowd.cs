using System.Threading;

namespace SecureVault.Fuse.Session;

/// <summary>Whether several callers use the drive at a time: whether most requests of late came from another than the one before.</summary>
/// <remarks>Any thread. Kept without a lock: an update that is lost does no harm.</remarks>
internal sealed class Crowd
{
    private const int All = 1 << 12;
    private const int Gathers = All / 2;
    private const int Disperses = All / 8;
    private const int Memory = 16; // requests that the moving average is of

    private uint _caller;
    private int _share; // of All: requests whose caller was not the one before
    private volatile bool _isThere;

    /// <summary>Whether to expect more than one request at a time.</summary>
    public bool IsThere => _isThere;

    /// <summary>A request was taken.</summary>
    /// <param name="caller">Thread that asks (fuse_in_header.pid). 0: the kernel itself, which is not counted.</param>
    public void Note(uint caller)
    {
        if (caller == 0)
        {
            return;
        }

        int share = Volatile.Read(ref _share);
        share += ((caller != Volatile.Read(ref _caller) ? All : 0) - share) / Memory;
        Volatile.Write(ref _caller, caller);
        Volatile.Write(ref _share, share);
        bool isThere = share > (_isThere ? Disperses : Gathers);
        if (isThere != _isThere)
        {
            _isThere = isThere;
        }
    }
}

using System.Threading;
using SecureVault.FileSystem;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>What the operations of one drive share.</summary>
internal sealed class DriveContext(VaultFileSystem engine, NtDriveOptions options, INtLog log)
{
    private const int Stripes = 64;
    private readonly Lock[] _names = MakeLocks();

    public VaultFileSystem Engine => engine;

    public NtDriveOptions Options => options;

    public INtLog Log => log;

    public OpenNodes Nodes { get; } = new();

    /// <summary>Held while a name comes to be in a folder, from the look whether it is free in every case of letters until it is there. Outermost, one at a time.</summary>
    public Lock NamesOf(NodeId folder) => _names[(int)(folder.Value % Stripes)];

    private static Lock[] MakeLocks()
    {
        var locks = new Lock[Stripes];
        for (int i = 0; i < Stripes; i++)
        {
            locks[i] = new Lock();
        }

        return locks;
    }
}

using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using SecureVault.Tests;

namespace SecureVault.MountTests.Support;

/// <summary>
/// A vault in a temporary folder, mounted by the real program: departments finance and engineering, alice (plaintext), bob (read-only) and
/// carol (nothing) on finance:secret, a folder /Payroll labelled so, and an unlabelled folder /Open; both writable for all by mode bits.
/// </summary>
public sealed class Drive : IDisposable
{
    private readonly string? _store;
    private readonly string[] _settings;

    public const uint Alice = 65001, Bob = 65002, Carol = 65003;

    /// <param name="people">Without: nobody but root, no department, and of the folders /Open alone, which takes a fifth of the commands.</param>
    /// <param name="store">Folder that the vault is made in, of a disk of its own; null: beside the mount point.</param>
    /// <param name="settings">"key=value" each, for every mount of it.</param>
    public Drive(string suite = "aes-256-gcm", bool mounted = true, bool people = true, string? store = null, params string[] settings)
    {
        _settings = settings;
        _store = store;
        Folder = Directory.CreateTempSubdirectory("securevault-test-").FullName;
        File.SetUnixFileMode(Folder, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(MountPoint);
        Programs.Done("init", Vault, "--suite", suite);
        if (people)
        {
            AddPeople();
        }

        if (mounted)
        {
            Mount();
            MakeFolder(Open);
            if (people)
            {
                MakeFolder(Payroll);
                Programs.Done("label", "set", Vault, "/Payroll", "finance:secret");
            }
        }
    }

    public string Folder { get; }

    public string Vault => (_store ?? Folder) + "/vault";

    public string MountPoint => Folder + "/drive";

    public string Payroll => MountPoint + "/Payroll";

    public string Open => MountPoint + "/Open";

    public bool IsMounted => IsMountPoint(MountPoint);

    /// <summary>Mount points as the kernel lists them.</summary>
    public static bool IsMountPoint(string path) => File.ReadAllLines("/proc/mounts").Any(l => l.Split(' ')[1] == path);

    public void Mount()
    {
        Programs.Done(["mount", Vault, MountPoint, .. _settings.SelectMany(s => new[] { "--set", s })]);
        Xunit.Assert.True(IsMounted, "mount returned 0 and nothing is mounted");
    }

    public void Unmount()
    {
        Programs.Done("unmount", MountPoint);
        Xunit.Assert.False(IsMounted, "unmount returned 0 and the drive is still mounted");
    }

    /// <summary>Stored files (not the folder records) that appear while <paramref name="action"/> runs.</summary>
    public string[] StoredFilesMadeBy(Action action)
    {
        string[] before = StoredFiles();
        action();
        return [.. StoredFiles().Except(before)];
    }

    /// <summary>Waits until closed files are committed: their state records are clean.</summary>
    public void Settle()
    {
        Unmount();
        Mount();
    }

    /// <summary>The process that serves the drive.</summary>
    public int Pid()
    {
        using JsonDocument status = JsonDocument.Parse(Programs.Done("status", "--json"));
        JsonElement row = status.RootElement.EnumerateArray().Single(d => d.GetProperty("mountPoint").GetString() == MountPoint);
        return row.GetProperty("pid").GetInt32();
    }

    /// <summary>Waits until the drive, which stays mounted, has committed and closed what users have closed.</summary>
    public void AwaitCommit()
    {
        string descriptors = $"/proc/{Pid()}/fd";
        Patience.Until(() => !Directory.GetFileSystemEntries(descriptors).Select(d => new FileInfo(d).LinkTarget ?? "").Any(IsStoredFile), "the commit of closed files");
    }

    public void Dispose()
    {
        try
        {
            Patience.Until(IsGone, $"the end of the drive at {MountPoint}");
        }
        catch (Xunit.Sdk.XunitException)
        {
            Programs.Shell($"umount -l '{MountPoint}'");
            throw;
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static void MakeFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0x1FF);
    }

    private void AddPeople()
    {
        Programs.Done("department", "add", Vault, "finance");
        Programs.Done("department", "add", Vault, "engineering");
        foreach ((string name, uint uid) in new[] { ("alice", Alice), ("bob", Bob), ("carol", Carol) })
        {
            Programs.Done("user", "add", Vault, name, "--uid", uid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Programs.Done("user", "grant", Vault, "alice", "finance:secret");
        Programs.Done("user", "grant", Vault, "bob", "finance:secret", "--mode", "read-only");
    }

    private bool IsGone()
    {
        if (IsMounted)
        {
            Programs.Securevault("unmount", MountPoint);
        }

        return !IsMounted;
    }

    private bool IsStoredFile(string path) => path.StartsWith(Vault + "/root/", StringComparison.Ordinal) && File.Exists(path);

    private string[] StoredFiles() =>
        [.. Directory.EnumerateFiles(Vault + "/root", "*", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith("securevault.", StringComparison.Ordinal))];
}

/// <summary>One drive and its users, shared by the tests of a class.</summary>
public class DriveFixture : IDisposable
{
    private readonly Lazy<Drive> _drive;
    private readonly Lazy<Actor> _alice = new(() => new Actor(Support.Drive.Alice));
    private readonly Lazy<Actor> _bob = new(() => new Actor(Support.Drive.Bob));
    private readonly Lazy<Actor> _carol = new(() => new Actor(Support.Drive.Carol));
    private readonly Lazy<Actor> _root = new(() => new Actor(0));

    public DriveFixture()
        : this([])
    {
    }

    /// <param name="settings">"key=value" each.</param>
    protected DriveFixture(params string[] settings) => _drive = new Lazy<Drive>(() => new Drive(settings: settings));

    public Drive Drive
    {
        get
        {
            Require.Mounts();
            return _drive.Value;
        }
    }

    public Actor Alice => _alice.Value;

    public Actor Bob => _bob.Value;

    public Actor Carol => _carol.Value;

    public Actor Root => _root.Value;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (Lazy<Actor> actor in new[] { _alice, _bob, _carol, _root })
        {
            if (actor.IsValueCreated)
            {
                actor.Value.Dispose();
            }
        }

        if (_drive.IsValueCreated)
        {
            _drive.Value.Dispose();
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Demo;

/// <summary>The guided tour from its first to its last line. Everything it made is gone afterwards, whatever happened on the way.</summary>
internal sealed class Tour(Terminal terminal, bool keep) : IDisposable
{
    private static readonly TimeSpan SignalPatience = TimeSpan.FromMilliseconds(300);

    private readonly Narrator _say = new(terminal);
    private readonly CancellationTokenSource _stop = new();

    public void Dispose() => _stop.Dispose();

    public int Run()
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        var workspace = new Workspace(keep);
        int exitCode = ExitCodes.Failed;
        try
        {
            Guide(workspace);
            exitCode = ExitCodes.Done;
        }
        catch (Exception) when (_stop.Token.WaitHandle.WaitOne(SignalPatience))
        {
            // A child process had the signal a moment before this one.
            terminal.Complain("stopped; cleaning up.");
        }
        catch (TourException failed)
        {
            exitCode = terminal.Fail(failed.Result);
        }
        catch (IOException failed)
        {
            terminal.Complain(failed.Message);
        }
        finally
        {
            workspace.Keep = keep && exitCode == ExitCodes.Done;
            workspace.Dispose();
        }

        if (exitCode == ExitCodes.Done)
        {
            Farewell(workspace);
        }

        return exitCode;
    }

    private void Guide(Workspace workspace)
    {
        IReadOnlyList<Person> people = People.Choose(AccessProbe.Self);
        IReadOnlyList<Document> documents = Documents.Find(AppContext.BaseDirectory.TrimEnd('/'));
        _say.Title("SecureVault, the guided tour", $"Everything happens in {workspace.Folder}{(keep ? "" : " and is gone at the end")}.");

        MakeVault(workspace, people);
        Check();
        var stored = new StoredFiles(workspace.VaultFolder);
        Dictionary<Document, string> places = FillVault(workspace, documents, stored);
        Check();
        new TourAccess(workspace, _say).Show(people, documents);
        Check();
        var bytes = new TourBytes(workspace, _say);
        bytes.ShowBoth(documents[0], places[documents[0]], people[0]);
        Check();
        new TourRules(workspace, _say).Show(documents[1], people[0]);
        Check();
        bytes.Forge(documents[0], places[documents[0]], people[0]);
        Check();
        TourAudit.Show(workspace, _say);
        Check();
    }

    private void MakeVault(Workspace workspace, IReadOnlyList<Person> people)
    {
        _say.Step("A vault, two departments, three people");
        workspace.MakeVault();
        _say.Command("securevault init vault");
        Workspace.Demand(workspace.Vault.AddDepartment("finance"));
        Workspace.Demand(workspace.Vault.AddDepartment("engineering"));
        _say.Command("securevault department add vault finance               (and engineering)");
        var listing = new Listing("person", "uid", "may open");
        foreach (Person person in people)
        {
            if (person.Name != "root")
            {
                Workspace.Demand(workspace.Vault.AddUser(person.Name, person.Uid, null, null, "mandatory"));
            }

            foreach ((string scope, string mode) in person.Grants)
            {
                Workspace.Demand(workspace.Vault.GrantUser(person.Name, scope, mode, null));
            }

            string grants = string.Join(", ", person.Grants.Select(g => $"{g.Scope} {g.Mode}"));
            listing.Add(person.Name, $"{person.Uid}", grants.Length > 0 ? grants : "nothing: root is nobody special here");
        }

        _say.Command("securevault user add vault alice --uid 65001           (and the others)");
        _say.Command("securevault user grant vault alice finance:secret      (and so on)");
        _say.Table(listing);
    }

    /// <summary>Copies the documents through the drive, or through the engine alone where nothing can be mounted.</summary>
    private Dictionary<Document, string> FillVault(Workspace workspace, IReadOnlyList<Document> documents, StoredFiles stored)
    {
        _say.Step("Real documents, encrypted as they are copied");
        VaultResult mounted = workspace.Mount();
        if (!mounted.IsOk)
        {
            _stop.Token.WaitHandle.WaitOne(SignalPatience);
        }

        Check();
        if (mounted.IsOk)
        {
            _say.Command("securevault mount vault drive");
            _say.Command("cp README.md CLI.md drive/Finance                      (and the others)");
        }
        else
        {
            _say.Warn($"Nothing can be mounted here: {mounted.Message.TrimEnd('.')}.");
            _say.Warn("So files go in without a drive, and step 3 asks the policy. As root on Linux you see all.");
        }

        stored.New();
        var places = new Dictionary<Document, string>();
        foreach (Document document in documents)
        {
            Check();
            Copy(workspace, document);
            places.Add(document, stored.New().Single());
        }

        Workspace.Demand(workspace.Vault.SetLabel(Documents.Finance, "finance:secret", null, null));
        Workspace.Demand(workspace.Vault.SetLabel(Documents.Engineering, "engineering:internal", null, null));
        _say.Command("securevault label set vault /Finance finance:secret    (and /Engineering)");
        _say.Say($"{documents.Count} documents are in, with permission bits rw for all: only the labels decide.");
        return places;
    }

    private static void Copy(Workspace workspace, Document document)
    {
        if (!workspace.IsMounted)
        {
            Workspace.Demand(VaultImport.Copy(workspace.VaultFolder, workspace.Phrase, document.Source, document.Inside));
            return;
        }

        const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        string folder = workspace.OnDrive(document.Folder), file = workspace.OnDrive(document.Inside);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            Allow(folder, ForAll | Enter);
        }

        File.WriteAllBytes(file, File.ReadAllBytes(document.Source));
        Allow(file, ForAll);
    }

    private static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private void Farewell(Workspace workspace)
    {
        if (!workspace.Keep)
        {
            _say.Step("Cleaned up, and nothing is left");
            _say.Good($"{workspace.Folder} is gone. Your own vault begins with: securevault init VAULT");
            return;
        }

        string program = string.Join(' ', Drives.SelfStart.CommandLine());
        _say.Step("The drive is yours to play with");
        _say.Say($"drive       {workspace.MountPoint}");
        _say.Say($"vault       {workspace.VaultFolder}      passphrase file: {workspace.PassphraseFile}");
        _say.Say($"as alice    setpriv --reuid={People.Choose(AccessProbe.Self)[0].Uid} --clear-groups cat {workspace.OnDrive(Documents.Finance)}/README.md");
        _say.Say($"to end it   {program} unmount {workspace.MountPoint} && rm -r {workspace.Folder}");
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.Cancel();
    }

    private void Check() => _stop.Token.ThrowIfCancellationRequested();
}

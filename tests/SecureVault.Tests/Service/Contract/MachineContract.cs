using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.Service.Control;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using SecureVault.Service.State;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Serilog;
using Xunit;

namespace SecureVault.Tests.Service.Contract;

/// <summary>What a machine owes the service, whichever system it runs: one method a case, each with an empty folder.</summary>
public sealed class MachineContract(string folder)
{
    private static readonly Machine Here = Machine.This;
    private static readonly DriveState State = new("vault", "place", Environment.ProcessId, Here.Self.Uid, Here.Self.Sid, "me \u4e2d", DateTimeOffset.UnixEpoch, 3, 42, ["a warning"]);
    private readonly ILogger _log = new LoggerConfiguration().CreateLogger();
    private readonly List<string> _heard = [];

    private string Run => Path.Combine(folder, "below", "run");

    public void A_user_is_told_by_a_number_or_by_an_identifier_and_has_a_name()
    {
        Assert.True(Here.Self.Uid is null != (Here.Self.Sid.Length == 0));
        Assert.NotEmpty(Here.SelfName());
        Assert.Null(Here.Find("nobody of this name"));
    }

    public void Folders_have_full_paths()
    {
        MachineFolders folders = Here.Folders;
        Assert.All([folders.State, folders.Log, folders.Run, folders.SettingsFile], f => Assert.True(Path.IsPathFullyQualified(f), f));
    }

    public void A_private_folder_is_made_once_and_taken_again()
    {
        Here.Files.Ensure(Run);
        Here.Files.Create(Path.Combine(Run, "kept")).Dispose();
        Here.Files.Ensure(Run);
        Assert.True(File.Exists(Path.Combine(Run, "kept")));
        Assert.True(Here.Files.IsTrusted(Run));
        Assert.Throws<IOException>(() => Here.Files.Create(Path.Combine(Run, "kept")));
    }

    public void A_lock_keeps_others_waiting_until_it_is_given_back()
    {
        string file = Path.Combine(folder, "lock");
        IDisposable held = Here.Files.Take(file);
        using var asks = new ManualResetEventSlim();
        Task other = OnOwnThread(() =>
        {
            asks.Set();
            Here.Files.Take(file).Dispose();
        });
        Patience.Until(asks, "the thread that asks for the lock");
        Assert.False(other.Wait(TimeSpan.FromMilliseconds(50)));
        held.Dispose();
        Patience.Until(other, "the lock that was given back");
    }

    public void A_file_that_is_replaced_is_always_read_whole()
    {
        string file = Path.Combine(folder, "file");
        Replace(file, 'a');
        Task reader = OnOwnThread(() =>
        {
            for (int i = 0; i < 300; i++)
            {
                string text = Encoding.ASCII.GetString(Here.Files.Read(file));
                Assert.Equal(new string(text[0], 1000), text);
            }
        });
        for (int i = 0; i < 100 || !reader.IsCompleted; i++)
        {
            Replace(file, (char)('a' + (i % 26)));
        }

        Patience.Until(reader, "the reader's end");
    }

    public void What_was_seen_of_a_vault_is_remembered()
    {
        const string VaultId = "0123456789abcdeffedcba9876543210";
        new TrustAnchor(Run).Write(VaultId, new TrustedState(3, 100, "ab"));
        var again = new TrustAnchor(Run);
        Assert.True(again.Prepare().IsOk);
        Assert.Equal(new TrustedState(3, 100, "ab"), again.Read(VaultId));
        Assert.Empty(again.Problem);
    }

    public void A_drive_answers_status_and_unmount_and_takes_its_place_along()
    {
        using (Listen(State))
        {
            ControlClient client = Client();
            FoundDrive drive = Assert.Single(client.FindAll([Run, Path.Combine(folder, "absent")]));
            Assert.Equal(new ControlPeer(Environment.ProcessId, Here.Self.Uid, Here.Self.Sid), drive.Peer);
            Assert.Equivalent(State, drive.State);
            Assert.Equal("busy", client.Unmount(drive)!.Error);
            Assert.Equal(["status", "unmount"], _heard);
        }

        Assert.Empty(Directory.GetFiles(Run));
        Assert.Empty(Client().FindAll([Run]));
    }

    public void A_drive_that_claims_another_process_or_user_is_not_listed()
    {
        using (Listen(State with { Pid = State.Pid + 1 }))
        {
            Assert.Empty(Client().FindAll([Run]));
        }

        using (Listen(State with { Uid = 12345, Sid = "S-1-5-18" }))
        {
            Assert.Empty(Client().FindAll([Run]));
        }
    }

    public void Garbage_gets_no_answer_and_the_drive_lives_on()
    {
        using ControlListener listener = Listen(State);
        foreach (string garbage in new[] { "garbage\n", "[]\n", "null\n", "{\"command\":1}\n" })
        {
            using IControlConnection connection = Here.Control.Connect(Here.Control.PlacesIn(Run).Single())!;
            connection.Send(Encoding.UTF8.GetBytes(garbage));
            Assert.Equal(0, connection.Receive(new byte[16], Patience.Long));
        }

        Assert.Single(Client().FindAll([Run]));
    }

    public void A_silent_peer_does_not_keep_the_drive_from_the_next()
    {
        using ControlListener listener = Listen(State, TimeSpan.FromSeconds(1));
        using IControlConnection silent = Here.Control.Connect(Here.Control.PlacesIn(Run).Single())!;
        Patience.Until(() => Client().FindAll([Run]).Count == 1, "the next to be answered"); // on a slow machine it may itself be silent too long
    }

    public void The_end_of_a_process_that_is_gone_needs_no_waiting()
    {
        Assert.Null(Here.EndOf(int.MaxValue));
        using IProcessEnd self = Here.EndOf(Environment.ProcessId)!;
        Assert.False(self.Wait(TimeSpan.FromMilliseconds(20), TimeProvider.System));
    }

    public void The_program_of_a_process_is_its_path()
    {
        var callers = Here.Callers(TimeProvider.System);
        Assert.Equal(Environment.ProcessPath, callers.ExecutableOf(Environment.ProcessId), ignoreCase: OperatingSystem.IsWindows());
        Assert.Empty(callers.ExecutableOf(0));
        Assert.Empty(callers.ExecutableOf(int.MaxValue));
    }

    public void A_mount_point_is_refused_with_a_reason()
    {
        VaultResult result = Here.Kernel.Check(folder, Path.Combine(folder, "missing", "place"), out _, out _);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.NotEmpty(result.Message);
        Assert.Equal(VaultError.NotAVault, Here.Kernel.Check(Path.Combine(folder, "no vault"), "X:", out _, out _).Error);
        Assert.Contains("no drive", Here.Kernel.Unanswered(folder, force: false).Message, StringComparison.Ordinal);
    }

    private static void Replace(string file, char content)
    {
        string next = file + ".tmp";
        using (FileStream stream = Here.Files.Create(next))
        {
            stream.Write(Encoding.ASCII.GetBytes(new string(content, 1000)));
        }

        Here.Files.Replace(next, file);
    }

    private static Task OnOwnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static ControlClient Client() => new(Here.Control, TimeProvider.System, Patience.Long);

    private ControlListener Listen(DriveState state, TimeSpan? silence = null) =>
        ControlListener.Start(Here.Control, Run, request => Answer(request, state), TimeProvider.System, _log, silence ?? Patience.Long);

    private ControlAnswer Answer(ControlRequest request, DriveState state)
    {
        _heard.Add(request.Command);
        return request.Command == "status" ? new ControlAnswer("", state) : new ControlAnswer("busy", null);
    }
}

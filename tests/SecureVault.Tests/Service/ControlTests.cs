using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using SecureVault.Service.Configuration;
using SecureVault.Service.Control;
using SecureVault.Service.Drives;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using Serilog;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class ControlTests : IDisposable
{
    private static readonly DriveState State = new("/vault", "/mnt/\u4e2d", Environment.ProcessId, Libc.geteuid(), "", "me", DateTimeOffset.UnixEpoch, 3, 42, ["a relabel was interrupted"]);
    private readonly TemporaryFolder _folder = new();
    private readonly ILogger _log = new LoggerConfiguration().CreateLogger();
    private readonly List<string> _heard = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_drive_answers_status_and_unmount()
    {
        using ControlListener listener = Listen(State);
        ControlClient client = Client();
        FoundDrive drive = Assert.Single(client.FindAll([_folder["run"], _folder["absent"]]));
        Assert.Equal(Environment.ProcessId, drive.Peer.Pid);
        Assert.Equal(Libc.geteuid(), drive.Peer.Uid);
        Assert.Equivalent(State, drive.State);
        Assert.Equal("busy", client.Unmount(drive)!.Error);
        Assert.Equal(["status", "unmount"], _heard);
    }

    [Fact]
    public void The_list_shows_what_drives_say()
    {
        using ControlListener listener = Listen(State);
        DriveRow row = Assert.Single(DriveDirectory.List(new ServiceOptions { RunFolder = _folder["run"] }), r => r.Pid == Environment.ProcessId);
        Assert.Equal(("/vault", "/mnt/\u4e2d", (int?)3, (ulong?)42UL), (row.Vault, row.MountPoint, row.OpenFiles, row.PolicyVersion));
        Assert.Equal(State.Warnings, row.Warnings);
    }

    [Fact]
    public void A_process_that_claims_another_user_or_process_is_not_listed()
    {
        using ControlListener listener = Listen(State with { Uid = State.Uid + 1 });
        Assert.Empty(Client().FindAll([_folder["run"]]));
    }

    [Fact]
    public void A_socket_nobody_listens_at_is_removed()
    {
        Directory.CreateDirectory(_folder["run"]);
        string path = _folder["run/drive-1.sock"];
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + "-kept");
        }

        File.Move(path + "-kept", path);
        Assert.Empty(Client().FindAll([_folder["run"]]));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_drive_that_never_answers_is_waited_for_no_longer_than_the_patience()
    {
        Directory.CreateDirectory(_folder["run"]);
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(_folder["run/drive-1.sock"]));
        silent.Listen(1);
        var client = new ControlClient(Machine.This.Control, TimeProvider.System, TimeSpan.FromMilliseconds(100));
        Assert.Empty(Patience.Of(Task.Run(() => client.FindAll([_folder["run"]])), "the end of the patience"));
    }

    [Theory]
    [InlineData("garbage\n")]
    [InlineData("[]\n")]
    [InlineData("{\"command\":1}\n")]
    [InlineData("{\"command\":null}\n")]
    [InlineData("{}\n")]
    [InlineData("null\n")]
    [InlineData("")]
    public void Garbage_gets_no_answer_and_the_drive_lives_on(string line)
    {
        using ControlListener listener = Listen(State);
        using (var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            peer.Connect(new UnixDomainSocketEndPoint(Directory.GetFiles(_folder["run"]).Single()));
            peer.Send(Encoding.UTF8.GetBytes(line));
            peer.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, peer.Receive(new byte[16]));
        }

        Assert.Single(Client().FindAll([_folder["run"]]));
    }

    [Fact]
    public void What_a_newer_drive_says_besides_is_passed_over()
    {
        string said = Encoding.UTF8.GetString(ControlJson.Write(new ControlAnswer("", State with { Uid = null })).Span);
        string more = said.Replace("\"pid\"", "\"more\":[1],\"pid\"", StringComparison.Ordinal);
        Assert.Equivalent(State with { Uid = null }, ControlJson.ReadAnswer(Encoding.UTF8.GetBytes(more))!.Drive);
    }

    [Theory]
    [InlineData("\"pid\":", "\"pid\":null,\"was\":")]
    [InlineData("\"pid\":", "\"pid\":1e99,\"was\":")]
    [InlineData("\"uid\":", "\"uid\":-1,\"was\":")]
    [InlineData("\"vault\":", "\"vault\":null,\"was\":")]
    [InlineData("\"user\":", "\"was\":")]
    [InlineData("\"since\":", "\"since\":\"yesterday\",\"was\":")]
    [InlineData("\"warnings\":[", "\"warnings\":[null,")]
    [InlineData("\"warnings\":[", "\"warnings\":0,\"was\":[")]
    [InlineData("\"drive\":", "\"drive\":[],\"was\":")]
    public void What_is_no_answer_is_none(string part, string instead)
    {
        string said = Encoding.UTF8.GetString(ControlJson.Write(new ControlAnswer("", State)).Span);
        Assert.NotNull(ControlJson.ReadAnswer(Encoding.UTF8.GetBytes(said)));
        string broken = said.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(said, broken);
        Assert.Null(ControlJson.ReadAnswer(Encoding.UTF8.GetBytes(broken)));
    }

    [Fact]
    public void The_socket_is_the_owners_alone_and_goes_with_the_drive()
    {
        string path;
        using (Listen(State))
        {
            path = Directory.GetFiles(_folder["run"]).Single();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Unmounting_a_folder_that_is_no_drive_says_so()
    {
        var result = DriveDirectory.Unmount(_folder.Path, new ServiceOptions { RunFolder = _folder["run"] });
        Assert.False(result.IsOk);
        Assert.Contains("no drive is mounted here", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asks_for_an_unmount_is_told_how_the_drive_ended()
    {
        using ControlListener listener = Listen(State, endsLater: true);
        FoundDrive drive = Assert.Single(Client().FindAll([_folder["run"]]));
        Task<ControlAnswer?> first = Task.Run(() => Client().Unmount(drive, force: true));
        Patience.Until(() => _heard.Contains("unmount-force"), "the request");
        Assert.False(first.IsCompleted);
        Assert.Single(Client().FindAll([_folder["run"]])); // status is answered meanwhile
        listener.Finish(new ControlAnswer("the disk did not take it", null) { Ended = true });
        Assert.Equal(new ControlAnswer("the disk did not take it", null) { Ended = true }, Patience.Of(first, "the answer"));
        Assert.Equal("the disk did not take it", Client().Unmount(drive)!.Error);
    }

    [Fact]
    public void A_drive_that_breaks_off_has_said_nothing()
    {
        ControlListener listener = Listen(State, endsLater: true);
        FoundDrive drive = Assert.Single(Client().FindAll([_folder["run"]]));
        Task<ControlAnswer?> asked = Task.Run(() => Client().Unmount(drive));
        Patience.Until(() => _heard.Contains("unmount"), "the request");
        listener.Dispose();
        Assert.Null(Patience.Of(asked, "the end of the connection"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_folder_that_is_taken_away_is_made_anew_or_the_spare_one_is_used(bool forGood)
    {
        using ControlListener listener = Listen(State);
        Directory.Delete(_folder["run"], recursive: true);
        if (forGood)
        {
            File.WriteAllText(_folder["run"], "in its place");
        }

        Patience.Until(() => Client().FindAll([_folder[forGood ? "spare" : "run"]]).Count == 1, "the place made anew");
        Assert.Equal("busy", Client().Unmount(Client().FindAll([_folder[forGood ? "spare" : "run"]])[0])!.Error);
    }

    private static ControlClient Client() => new(Machine.This.Control, TimeProvider.System, Patience.Long);

    private ControlListener Listen(DriveState state, bool endsLater = false) =>
        ControlListener.Start(Machine.This.Control, _folder["run"], request => Answer(request, state) is { Drive: null } done && !endsLater ? done : request.Command == "status" ? new ControlAnswer("", state) : null, TimeProvider.System, _log, Patience.Long, _folder["spare"]);

    private ControlAnswer Answer(ControlRequest request, DriveState state)
    {
        _heard.Add(request.Command);
        return request.Command == "status" ? new ControlAnswer("", state) : new ControlAnswer("busy", null);
    }
}

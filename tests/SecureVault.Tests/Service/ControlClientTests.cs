using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Service.Control;
using Xunit;

namespace SecureVault.Tests.Service;

/// <summary>How long drives are waited for: by a clock that only the drives move.</summary>
public sealed class ControlClientTests
{
    private static readonly TimeSpan Given = TimeSpan.FromSeconds(10);
    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    public void A_drive_that_does_not_answer_hides_no_other(params bool[] silent)
    {
        Fake[] drives = Drives(silent);
        IReadOnlyList<FoundDrive> found = Find(drives);
        Assert.Equal(drives.Where(d => !d.IsSilent).Select(d => d.Pid), found.Select(d => d.Peer.Pid));
        Assert.All(drives, d => Assert.Equal((1, 1), (d.Asked, d.Ended)));
    }

    [Fact]
    public void All_that_do_not_answer_share_the_patience_and_who_is_left_gets_a_moment()
    {
        Fake[] drives = Drives(true, true, false);
        DateTimeOffset before = _clock.GetUtcNow();
        Find(drives);
        Assert.Equal(Given, drives[0].Waited);
        Assert.InRange(drives[1].Waited, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        Assert.InRange(_clock.GetUtcNow() - before, Given, Given + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_drive_that_answers_late_but_within_the_patience_is_found()
    {
        Fake[] drives = Drives(false);
        drives[0].Delay = Given - TimeSpan.FromTicks(1);
        Assert.Single(Find(drives));
    }

    private Fake[] Drives(params bool[] silent) => [.. silent.Select((s, i) => new Fake(_clock, i + 1, s))];

    private IReadOnlyList<FoundDrive> Find(Fake[] drives) => new ControlClient(new Fakes(drives), _clock, Given).FindAll(["run"]);

    private sealed class Fakes(Fake[] drives) : IControlTransport
    {
        public IControlEndpoint Listen(string runFolder) => throw new NotSupportedException();

        public IReadOnlyList<string> PlacesIn(string runFolder) => [.. drives.Select(d => d.Place)];

        public IControlConnection? Connect(string place) => drives.Single(d => d.Place == place);
    }

    /// <summary>A drive at the other end, and the connection to it.</summary>
    private sealed class Fake(FakeClock clock, int pid, bool silent) : IControlConnection
    {
        public int Pid => pid;

        public bool IsSilent => silent;

        public string Place => $"drive-{pid}.sock";

        public TimeSpan Delay { get; set; }

        public TimeSpan Waited { get; private set; }

        public int Asked { get; private set; }

        public int Ended { get; private set; }

        public ControlPeer Peer => new(pid, 0, "");

        public bool PeerMayCommand => true;

        public void Send(ReadOnlySpan<byte> bytes) => Asked += ControlJson.ReadRequest(bytes.ToArray())?.Command == "status" ? 1 : throw new IOException();

        public int Receive(Span<byte> buffer, TimeSpan patience)
        {
            Waited = patience;
            clock.Advance(silent ? patience : Delay);
            if (silent || Delay > patience)
            {
                return -1;
            }

            var state = new DriveState("/vault", "/mnt", pid, 0, "", "me", DateTimeOffset.UnixEpoch, 0, 1, []);
            byte[] line = [.. ControlJson.Write(new ControlAnswer("", state)).Span, (byte)'\n'];
            line.CopyTo(buffer);
            return line.Length;
        }

        public void Dispose() => Ended++;
    }
}

using System;
using System.IO;
using Xunit;

namespace SecureVault.Tests.Programs;

/// <summary>How a user came to the machine, on folders as systemd keeps them.</summary>
public sealed class SessionKindTests : IDisposable
{
    private readonly FakeProc _proc = new();

    public SessionKindTests()
    {
        Directory.CreateDirectory(Path.Combine(_proc.Run, "systemd", "sessions"));
        Directory.CreateDirectory(Path.Combine(_proc.Run, "systemd", "users"));
        Say("sessions/2", "UID=1000\nREMOTE=0\nTYPE=wayland\nCLASS=user\nSERVICE=gdm-password\n");
        Say("sessions/3", "UID=1000\nREMOTE=1\nTYPE=tty\nCLASS=user\nSERVICE=sshd\n");
        Say("sessions/c4", "UID=0\nREMOTE=0\nTYPE=unspecified\nCLASS=background\nSERVICE=crond\n");
        Say("sessions/5", "UID=1000\nREMOTE=0\nTYPE=x11\nCLASS=user\nSERVICE=xrdp-sesman\n");
        Say("users/1000", "NAME=alice\nDISPLAY=2\nACTIVE_SESSIONS=2 3\n");
        Say("users/1001", "NAME=bob\nACTIVE_SESSIONS=3\n");
        Say("users/1002", "NAME=carol\nSTATE=lingering\n");
    }

    public void Dispose() => _proc.Dispose();

    [Theory]
    [InlineData("0::/user.slice/user-1000.slice/session-2.scope", "console")]
    [InlineData("0::/user.slice/user-1000.slice/session-3.scope", "remote")]
    [InlineData("0::/user.slice/user-0.slice/session-c4.scope", "service")]
    [InlineData("0::/user.slice/user-1000.slice/session-5.scope", "remote")]
    [InlineData("0::/user.slice/user-1000.slice/session-9.scope", "")]
    [InlineData("0::/system.slice/nginx.service", "service")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-writer-1.scope", "console")]
    [InlineData("0::/user.slice/user-1001.slice/user@1001.service/app.slice/x.service", "remote")]
    [InlineData("0::/user.slice/user-1002.slice/user@1002.service/app.slice/session-2.scope", "service")] // a group of her own naming
    [InlineData("12:memory:/system.slice/nginx.service\n1:name=systemd:/user.slice/user-1000.slice/session-3.scope\n0::/", "remote")]
    [InlineData("0::/docker/abc", "")]
    [InlineData("0::/session-..%2f..%2fetc.scope", "")]
    [InlineData("0::/session-.scope", "")]
    [InlineData("nonsense", "")]
    [InlineData("", "")]
    public void Kinds(string groups, string kind)
    {
        _proc.Add(5);
        File.WriteAllText(_proc[5, "cgroup"], groups);
        Assert.Equal(kind, _proc.Programs.SessionOf(5));
    }

    [Fact]
    public void A_process_that_cannot_be_seen_has_none()
    {
        Assert.Equal("", _proc.Programs.SessionOf(5));
        _proc.Add(5);
        Assert.Equal("", _proc.Programs.SessionOf(5)); // no cgroup file
        Assert.Equal("", _proc.Programs.SessionOf(0));
    }

    [Fact]
    public void It_is_looked_at_again_after_a_second()
    {
        _proc.Add(5);
        Assert.Equal("", _proc.Programs.SessionOf(5));
        _proc.Remove(5);
        _proc.Add(5);
        File.WriteAllText(_proc[5, "cgroup"], "0::/system.slice/a.service");
        Assert.Equal("service", _proc.Programs.SessionOf(5)); // another process
        File.WriteAllText(_proc[5, "cgroup"], "0::/user.slice/session-2.scope");
        Assert.Equal("service", _proc.Programs.SessionOf(5));
        _proc.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("console", _proc.Programs.SessionOf(5));
    }

    private void Say(string file, string text) => File.WriteAllText(Path.Combine(_proc.Run, "systemd", file), text);
}

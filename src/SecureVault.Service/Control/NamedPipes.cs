using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Cryptography;
using System.Security.Principal;
using System.Threading;
using SecureVault.Service.Native;
using SecureVault.Service.PrivateFiles;

namespace SecureVault.Service.Control;

/// <summary>A named pipe of each drive, and an empty file drive-PID-RANDOM.pipe in the run folder that says its name.</summary>
/// <remarks>
/// Pipe names are one space for the whole machine and any user may make one: the random part keeps others from taking it first, the run
/// folder's list keeps them from reading it, and the pipe's owner, which the system sets, tells whose process answers.
/// </remarks>
/// <param name="files">Makes the run folder and what is in it.</param>
/// <param name="sid">Security identifier of the user of this process.</param>
/// <param name="isAdministrator">Whether the process is elevated: then administrators alone command its drive.</param>
[SupportedOSPlatform("windows")]
internal sealed class NamedPipes(IPrivateFiles files, string sid, bool isAdministrator) : IControlTransport
{
    private const string Prefix = "securevault-", Extension = ".pipe";

    /// <summary>Between two commands no instance of the pipe may listen for a moment.</summary>
    private const int ConnectMs = 10_000;

    public IControlEndpoint Listen(string runFolder)
    {
        files.Ensure(runFolder);
        string name = string.Create(CultureInfo.InvariantCulture, $"drive-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}");
        string path = Path.Combine(runFolder, name + Extension);
        try
        {
            var endpoint = new Endpoint(Prefix + name, path, OwnersAlone);
            files.Create(path).Dispose();
            return endpoint;
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path}: the control pipe cannot be made", refused);
        }
    }

    public IReadOnlyList<string> PlacesIn(string runFolder)
    {
        try
        {
            return Directory.GetFiles(runFolder, "drive-*" + Extension);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <remarks>Anonymous: whoever listens learns nothing of the caller and cannot act as it.</remarks>
    public IControlConnection? Connect(string place)
    {
        if (!IsAlive(place))
        {
            TryRemove(place);
            return null;
        }

        var pipe = new NamedPipeClientStream(".", Prefix + Path.GetFileNameWithoutExtension(place), PipeDirection.InOut, PipeOptions.Asynchronous, TokenImpersonationLevel.Anonymous);
        try
        {
            pipe.Connect(ConnectMs);
            return new PipeConnection(pipe, served: false);
        }
        catch (Exception silent) when (silent is TimeoutException or IOException or UnauthorizedAccessException)
        {
            pipe.Dispose();
            return null;
        }
    }

    /// <summary>False when the process that made the place has ended.</summary>
    private static bool IsAlive(string place)
    {
        string[] parts = Path.GetFileName(place).Split('-');
        if (parts.Length != 3 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
        {
            return false;
        }

        try
        {
            using WindowsProcessEnd? process = WindowsProcessEnd.Of(pid);
            return process is not null && !process.Wait(TimeSpan.Zero, TimeProvider.System);
        }
        catch (IOException)
        {
            return true; // another user's
        }
    }

    private static void TryRemove(string place)
    {
        try
        {
            File.Delete(place);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Another user's: its owner's next command removes it.
        }
    }

    /// <summary>Owner (of an elevated process: administrators alone) and SYSTEM; nobody from the network.</summary>
    private PipeSecurity OwnersAlone()
    {
        var self = new SecurityIdentifier(sid);
        var security = new PipeSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(new PipeAccessRule(new SecurityIdentifier(WellKnownSidType.NetworkSid, null), PipeAccessRights.FullControl, AccessControlType.Deny));
        security.AddAccessRule(new PipeAccessRule(new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null), PipeAccessRights.FullControl, AccessControlType.Allow));
        security.AddAccessRule(new PipeAccessRule(new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null), PipeAccessRights.FullControl, AccessControlType.Allow));
        if (!isAdministrator)
        {
            security.AddAccessRule(new PipeAccessRule(self, PipeAccessRights.FullControl, AccessControlType.Allow));
        }

        security.SetOwner(self);
        return security;
    }

    private sealed class Endpoint : IControlEndpoint
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly string _name;
        private readonly string _path;
        private readonly Func<PipeSecurity> _security;
        private NamedPipeServerStream _next;

        public Endpoint(string name, string path, Func<PipeSecurity> security)
        {
            _name = name;
            _path = path;
            _security = security;
            _next = Make(PipeOptions.FirstPipeInstance);
        }

        public bool Stands => File.Exists(_path);

        /// <summary>The next instance is there before the one accepted is handed out: the name never disappears.</summary>
        public IControlConnection Accept()
        {
            try
            {
                _next.WaitForConnectionAsync(_ended.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                throw new ObjectDisposedException(nameof(NamedPipes));
            }

            NamedPipeServerStream accepted = _next;
            _next = Make(PipeOptions.None);
            return new PipeConnection(accepted, served: true);
        }

        public void Dispose()
        {
            TryRemove(_path);
            _ended.Cancel();
            _next.Dispose();
            _ended.Dispose();
        }

        private NamedPipeServerStream Make(PipeOptions first) => NamedPipeServerStreamAcl.Create(
            _name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | first, ControlLine.Longest, ControlLine.Longest, _security());
    }
}

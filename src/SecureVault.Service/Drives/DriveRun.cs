using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.FileSystem;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using SecureVault.Terms;
using SecureVault.Vaults;
using Serilog;

namespace SecureVault.Service.Drives;

/// <summary>One drive from its mount to its end.</summary>
internal sealed class DriveRun(Vault vault, string vaultFolder, string mountPoint, DriveSettings settings, ILogger log)
{
    /// <summary>How long programs may keep a drive busy that was told to end, before they are cut off: a service must end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ControlListener? _control;
    private StoreAbilities? _store;
    private int _stopping;
    private volatile string? _lost;

    /// <summary>Mounts, serves until unmounted, saves everything, and then answers who asked for the unmount.</summary>
    public VaultResult Run(Action<IReadOnlyList<string>> live)
    {
        try
        {
            VaultResult result = Begin(out IVaultSession? session);
            using (session)
            {
                result = result.IsOk ? Run(session!, live) : result;
            }

            _control?.Finish(new ControlAnswer(result.Message, null) { Ended = true });
            return result;
        }
        finally
        {
            _control?.Dispose();
            _ended.SetResult();
        }
    }

    private VaultResult Begin(out IVaultSession? session)
    {
        if (settings.Wish.ReadOnly)
        {
            return vault.BeginReading(mountPoint, out session);
        }

        VaultResult result = vault.BeginSession(mountPoint, settings.Wish.TakeOver, out VaultSession? writing);
        session = writing;
        return result.IsOk ? writing!.CheckStore(out _store) : result;
    }

    private VaultResult Run(IVaultSession session, Action<IReadOnlyList<string>> live)
    {
        VaultResult result = TryCompose(session, out VaultFileSystem? engine);
        if (result.IsOk)
        {
            result = Mount(engine!, session, live);
            VaultResult saved = Save(engine!, session);
            result = saved.IsOk ? result : saved;
        }

        return result;
    }

    private VaultResult TryCompose(IVaultSession session, out VaultFileSystem? engine)
    {
        engine = null;
        try
        {
            engine = VaultFileSystem.Over(vault, session, Machine.This.Callers(_clock), _clock);
            return VaultResult.Ok;
        }
        catch (IOException unreadable)
        {
            Log.Failed(log, unreadable);
            return new VaultResult(VaultError.Damaged, $"{vaultFolder}/root: its top folder cannot be read; see what is wrong with: securevault verify {ShellWord.Of(vaultFolder)}");
        }
    }

    private VaultResult Mount(VaultFileSystem engine, IVaultSession session, Action<IReadOnlyList<string>> live)
    {
        var mounting = new DriveMounting(Machine.This.Self.IsAdministrator, settings.Options.Threads, settings.Options.EntryTimeout, settings.Wish.ReadOnly, vault.Serial, settings.Options.MountManager, settings.Options.AccessLists);
        VaultResult result = Machine.This.Kernel.TryMount(engine, mountPoint, mounting, log, out IMountedDrive? drive);
        using (drive)
        {
            if (!result.IsOk)
            {
                return result;
            }

            session.OnLost(sentence => Lose(drive!, sentence));
            session.Follow(() => drive!.Place);
            return Serve(new DriveParts(vault, vaultFolder, mountPoint, settings, engine, drive!, _store), live);
        }
    }

    /// <summary>Another machine has the vault: programs are cut off, for nothing can be saved.</summary>
    private void Lose(IMountedDrive drive, string sentence)
    {
        _lost = sentence;
        Log.Lost(log);
        drive.Dispose();
    }

    private VaultResult Save(VaultFileSystem engine, IVaultSession session)
    {
        VaultStatus status = engine.Shutdown();
        if (_lost is { } lost)
        {
            session.Abandon();
            return new VaultResult(VaultError.Failed, lost);
        }

        if (status != VaultStatus.Ok)
        {
            session.Abandon();
            Log.NotSaved(log, status);
            string files = engine.Unsaved is { Count: > 0 } unsaved ? DriveAnswers.Named(unsaved) : "some files";
            return new VaultResult(VaultError.Failed, $"{vaultFolder}: not everything is saved: the disk did not take all that was written to {files} ({status}). See to the disk; the next mount recovers what is there, and securevault verify {vaultFolder} tells what is damaged");
        }

        VaultResult ended = session.End();
        if (ended.IsOk)
        {
            Log.Saved(log);
        }
        else
        {
            Log.EndNotSaved(log);
        }

        return ended;
    }

    private VaultResult Serve(DriveParts parts, Action<IReadOnlyList<string>> live)
    {
        IMountedDrive drive = parts.Drive;
        var answers = new DriveAnswers(parts, _clock, log);
        Machine.This.DropRights();
        try
        {
            _control = ControlListener.Start(Machine.This.Control, settings.Options.RunFolder, answers.To, _clock, log, spare: Machine.This.SpareRunFolder);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(drive, signal));
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(drive, signal));
            using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => HangUp(drive, signal));
            Log.Live(log, vault.Policy.Current.Version);
            if (answers.PendingRelabel() is not null)
            {
                Log.RelabelPending(log);
            }

            live(settings.Limits);
            SystemdNotification.Ready();
            drive.WaitUntilUnmounted();
            SystemdNotification.Stopping();
            answers.Saving();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Log.Failed(log, refused);
            return new VaultResult(VaultError.Failed, refused is PathTooLongException ? refused.Message : $"{settings.Options.RunFolder}: the drive's control place cannot be made there; check its permissions");
        }

        Log.Unmounted(log);
        return VaultResult.Ok;
    }

    private void HangUp(IMountedDrive drive, PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (settings.Wish.Foreground)
        {
            Stop(drive, signal);
        }
    }

    /// <summary>A signal: unmounts; what is still in use is saved, given the grace and then cut off.</summary>
    private void Stop(IMountedDrive drive, PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
        {
            Log.Signalled(log, signal.Signal.ToString());
            End(drive);
            _ended.Task.Wait(Machine.This.SignalHold);
        }
    }

    private void End(IMountedDrive drive)
    {
        if (drive.Unmount(out _) != UnmountOutcome.Busy)
        {
            return;
        }

        Log.Busy(log, drive.OpenHandles);
        drive.FlushMappings();
        long start = _clock.GetTimestamp();
        while (_clock.GetElapsedTime(start) < Grace)
        {
            if (drive.WaitUntilUnmounted(Step) || drive.Unmount(out _) != UnmountOutcome.Busy)
            {
                return;
            }
        }

        Log.Cut(log, drive.OpenHandles);
        drive.Dispose();
    }
}

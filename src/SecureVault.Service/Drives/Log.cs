using System;
using SecureVault.Service.Native;
using SecureVault.Terms;
using SecureVault.Vaults;
using Serilog;

namespace SecureVault.Service.Drives;

/// <summary>Events 100 to 199: the life of a drive, but those of the kernels. Paths only at Debug.</summary>
internal static class Log
{
    public static void Starting(ILogger log, string vault, string mountPoint) => log.ForContext("EventId", 100).Debug("Mounting {Vault} at {MountPoint}", vault, mountPoint);

    public static void Hardened(ILogger log, HardeningReport report) =>
        log.ForContext("EventId", 101).Information("Process hardened: undumpable {Undumpable}, memory locked {MemoryLocked}, descriptors {Descriptors}", report.Undumpable, report.MemoryLocked, report.Descriptors);

    public static void Limited(ILogger log, string limit) => log.ForContext("EventId", 115).Warning("A limit was handed down: {Limit}", limit);

    public static void Live(ILogger log, ulong policyVersion) => log.ForContext("EventId", 102).Information("The drive is live; policy version {PolicyVersion}", policyVersion);

    public static void Refused(ILogger log, VaultError error) => log.ForContext("EventId", 103).Error("The drive did not start: {Error}", error);

    public static void Signalled(ILogger log, string signal) => log.ForContext("EventId", 104).Information("{Signal}: unmounting", signal);

    public static void Busy(ILogger log, int openFiles) => log.ForContext("EventId", 105).Warning("Still in use with {OpenFiles} open files: waiting for their programs", openFiles);

    public static void Cut(ILogger log, int openFiles) => log.ForContext("EventId", 106).Warning("Still in use with {OpenFiles} open files: their programs are cut off", openFiles);

    public static void Unmounted(ILogger log) => log.ForContext("EventId", 107).Information("Unmounted");

    public static void Saved(ILogger log) => log.ForContext("EventId", 108).Information("Everything is saved; the drive has ended");

    public static void NotSaved(ILogger log, VaultStatus status) => log.ForContext("EventId", 114).Error("Some files could not be closed properly: {Status}; the next mount recovers them", status);

    public static void EndNotSaved(ILogger log) => log.ForContext("EventId", 116).Error("The store did not take the end of the mount: what was written last may not be saved");

    public static void Lost(ILogger log) => log.ForContext("EventId", 115).Fatal("Another machine has taken the vault over: the drive ends, and what it had not saved is lost");

    public static void Failed(ILogger log, Exception cause) => log.ForContext("EventId", 109).Fatal(cause, "The drive failed");

    public static void RelabelPending(ILogger log) => log.ForContext("EventId", 112).Warning("A relabel was interrupted: some files still carry their earlier label");

    public static void AnchorFailed(ILogger log, string problem) => log.ForContext("EventId", 113).Warning("What was seen of this vault could not be remembered: {Problem}", problem);
}

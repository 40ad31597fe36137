using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.File;
using SecureVault.Service.Configuration;
using SecureVault.Service.Machines;

namespace SecureVault.Service.Logging;

/// <summary>The program's own log: how the drive runs, for who keeps the machine. Who opened what is in the audit log, never here.</summary>
internal static class OperationalLog
{
    private const long LargestFile = 10 * 1024 * 1024;
    private const int FilesKept = 4;
    private const string Line = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} [{Level:u3}] {EventId} {Message:lj}{NewLine}{Exception}";

    /// <summary>The log of one drive: a file of its own in the log folder, and standard error in the foreground. Dispose writes it out.</summary>
    /// <remarks>A folder that cannot be written costs the file, not the drive.</remarks>
    public static Logger Create(ServiceOptions options, string vaultFolder, bool foreground)
    {
        LoggerConfiguration log = new LoggerConfiguration().MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.LogLevel, ignoreCase: true));
        if (foreground)
        {
            log.WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose);
        }

        if (options.LogFolder.Length > 0 && TryEnsure(options.LogFolder))
        {
            log.WriteTo.File(
                Path.Combine(options.LogFolder, FileOf(vaultFolder)),
                outputTemplate: Line,
                formatProvider: CultureInfo.InvariantCulture,
                fileSizeLimitBytes: LargestFile,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesKept,
                hooks: new AppendedFiles());
        }

        if (options.Source?.GetSection("Serilog").Exists() == true)
        {
            log.ReadFrom.Configuration(options.Source);
        }

        return log.CreateLogger();
    }

    /// <summary>One file for each vault, named so that the list of files does not name vaults.</summary>
    private static string FileOf(string vaultFolder) => $"drive-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(vaultFolder)).AsSpan(0, 4))}.log";

    private static bool TryEnsure(string folder)
    {
        try
        {
            Machine.This.Files.Ensure(folder);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Opens each file anew, private and for appending, so that two processes of one vault do not write over each other.</summary>
    private sealed class AppendedFiles : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding) => Machine.This.Files.ForLog(path, underlyingStream);
    }
}

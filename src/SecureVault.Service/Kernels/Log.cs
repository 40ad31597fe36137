using System;
using Serilog;

namespace SecureVault.Service.Kernels;

/// <summary>Events 110 and 111: what a kernel's side reports of a drive.</summary>
internal static class Log
{
    public static void OperationFailed(ILogger log, string operation, Exception cause) => log.ForContext("EventId", 110).Error(cause, "{Operation} failed and was answered with an input/output error", operation);

    public static void Trouble(ILogger log, string message) => log.ForContext("EventId", 111).Warning("{Trouble}", message);
}

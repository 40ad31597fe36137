using System;
using SecureVault.Fuse;
using Serilog;

namespace SecureVault.Service.Kernels;

/// <summary>Takes what the kernel's side reports into the operational log.</summary>
internal sealed class FuseLog(ILogger log) : IFuseLog
{
    public void OperationFailed(string operation, Exception exception) => Log.OperationFailed(log, operation, exception);

    public void Trouble(string message) => Log.Trouble(log, message);
}

using System;

namespace SecureVault.Dokan;

/// <summary>Where this room reports what an administrator should see. Calls come from any thread, concurrently; they must not throw.</summary>
public interface INtLog
{
    /// <summary>An operation threw: the caller was answered InternalError and the drive lives on.</summary>
    /// <param name="operation">The operation's name, such as "Write".</param>
    /// <param name="exception">What was thrown.</param>
    void OperationFailed(string operation, Exception exception);

    /// <summary>Something of the drive is not as it should be; the text is one line and holds no file name.</summary>
    void Trouble(string message);
}

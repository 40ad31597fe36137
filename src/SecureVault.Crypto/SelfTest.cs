using System;

namespace SecureVault.Crypto;

/// <summary>Known-answer tests of every primitive, run at start: a broken library must not write files.</summary>
public static class SelfTest
{
    /// <summary>Runs all; null when all pass, else the name of the primitive that failed. A few milliseconds.</summary>
    public static string? Run() => throw new NotSupportedException();
}

using System;
using SecureVault.Terms;

namespace SecureVault.Dokan.Requestors;

/// <summary>Who asks for a Create: read from its token there, kept by the handle, never asked again.</summary>
/// <param name="Token">User and groups by SID.</param>
/// <param name="Pid">Process; 0 when unknown. For the record only: a number may be used again.</param>
/// <param name="Executable">Path of its program, or empty.</param>
public sealed record Requestor(CallerToken Token, int Pid, string Executable)
{
    /// <summary>As the engine takes it.</summary>
    public Caller Caller { get; } = Caller.Of(Token ?? throw new ArgumentNullException(nameof(Token)), Pid, Executable ?? throw new ArgumentNullException(nameof(Executable)));
}

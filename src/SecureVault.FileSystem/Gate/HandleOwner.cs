using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>Who opened a file, and in which program: what the handle is decided by for as long as it is open, whoever holds it.</summary>
/// <param name="Program">As it was then; null where the policy did not ask for programs, or it could not be seen.</param>
internal readonly record struct HandleOwner(Caller Caller, ProgramIdentity? Program);

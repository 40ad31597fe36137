using System.Collections.Generic;

namespace SecureVault.Service.Native;

/// <summary>What the hardening of this process achieved.</summary>
/// <param name="Undumpable">Linux: no core file, no ptrace and no /proc/PID/mem by others without CAP_SYS_PTRACE. Windows: no other process of its user may read its memory.</param>
/// <param name="MemoryLocked">No page of this process goes to swap. False = only the key pages are locked, by the Crypto room.</param>
/// <param name="Descriptors">How many files this process may have open; 0 = the system sets no such number.</param>
/// <param name="Limits">Limits that were handed down, could not be lifted and will be felt, a sentence each.</param>
internal readonly record struct HardeningReport(bool Undumpable, bool MemoryLocked, ulong Descriptors, IReadOnlyList<string> Limits);

using System;

namespace SecureVault.Service.Kernels;

/// <summary>How a drive is mounted.</summary>
/// <param name="Everyone">Serve every user of the machine, not the mounting one alone.</param>
/// <param name="Threads">That serve requests, 1 to 64; 0 = by the number of processors.</param>
/// <param name="EntryTimeout">How long the kernel may believe names and attributes.</param>
/// <param name="ReadOnly">Refuse every change.</param>
/// <param name="Serial">Volume serial number, where a volume has one: of the vault, the same at every mount.</param>
/// <param name="MountManager">Windows: make the letter known to the system's mount manager; for drives that serve everyone.</param>
/// <param name="AccessLists">Linux: offer and enforce POSIX access control lists.</param>
internal sealed record DriveMounting(bool Everyone, int Threads, TimeSpan EntryTimeout, bool ReadOnly, uint Serial, bool MountManager, bool AccessLists);

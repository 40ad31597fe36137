namespace SecureVault.Service.Programs;

/// <summary>One content of one file: whoever writes to it changes the last two, and nobody but the system's clock sets the last.</summary>
/// <param name="Device">Major number in the upper half, minor in the lower.</param>
/// <param name="Modified">Nanoseconds since 1970.</param>
/// <param name="Changed">Nanoseconds since 1970, of the last change of content or attributes.</param>
internal readonly record struct FileStamp(ulong Device, ulong Inode, ulong Size, long Modified, long Changed);

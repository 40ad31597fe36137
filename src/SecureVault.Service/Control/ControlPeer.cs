namespace SecureVault.Service.Control;

/// <summary>The other end of a control connection, as the system vouches for it.</summary>
/// <param name="Uid">Its user's number on Linux, else null.</param>
/// <param name="Sid">Its user's security identifier on Windows, else empty.</param>
internal sealed record ControlPeer(int Pid, uint? Uid, string Sid);

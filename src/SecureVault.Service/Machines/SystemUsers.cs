namespace SecureVault.Service.Machines;

/// <summary>The users this machine knows, by name.</summary>
public static class SystemUsers
{
    /// <summary>Number of the user of this process; null on Windows, which has none.</summary>
    public static uint? SelfNumber => Machine.This.Self.Uid;

    /// <summary>What the system tells the user of this name by: a number on Linux, a security identifier on Windows. May wait for a directory server.</summary>
    /// <returns>False when the machine knows no such user; then both are null.</returns>
    public static bool TryFind(string name, out uint? uid, out string? sid)
    {
        Account? found = Machine.This.Find(name);
        uid = found?.Uid;
        sid = found?.Uid is null ? found?.Sid : null;
        return found is not null;
    }
}

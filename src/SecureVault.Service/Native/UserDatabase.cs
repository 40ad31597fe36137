using System;
using System.Runtime.InteropServices;

namespace SecureVault.Service.Native;

/// <summary>A user as the system's database knows it. Groups hold the primary group too.</summary>
internal sealed record SystemUser(string Name, uint Uid, uint[] Groups, string Home);

/// <summary>The system's user database (files, LDAP, SSSD: whatever the C library is told to ask).</summary>
internal static unsafe class UserDatabase
{
    private const int LargestEntry = 1 << 20;

    /// <summary>Null when the database does not know the number. Any thread. May wait for a directory server.</summary>
    public static SystemUser? Find(uint uid)
    {
        for (int size = 2048; size <= LargestEntry; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* memory = buffer)
            {
                Libc.passwd entry;
                Libc.passwd* found = null;
                int error = Libc.getpwuid_r(uid, &entry, memory, (nuint)size, &found);
                if (error != Libc.ERANGE)
                {
                    return found == null ? null : new SystemUser(Text(entry.pw_name), uid, GroupsOf(entry.pw_name, entry.pw_gid), Text(entry.pw_dir));
                }
            }
        }

        return null;
    }

    /// <summary>Number of the user of this name; null when the database does not know it. May wait for a directory server.</summary>
    public static uint? FindNumber(string name)
    {
        for (int size = 2048; size <= LargestEntry; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* memory = buffer)
            {
                Libc.passwd entry;
                Libc.passwd* found = null;
                int error = Libc.getpwnam_r(name, &entry, memory, (nuint)size, &found);
                if (error != Libc.ERANGE)
                {
                    return found == null ? null : entry.pw_uid;
                }
            }
        }

        return null;
    }

    private static uint[] GroupsOf(byte* user, uint primary)
    {
        int count = 64;
        while (true)
        {
            uint[] groups = new uint[count];
            int found = count;
            fixed (uint* memory = groups)
            {
                if (Libc.getgrouplist(user, primary, memory, &found) >= 0)
                {
                    return groups.AsSpan(0, found).ToArray();
                }
            }

            count = Math.Max(found, checked(count * 2));
        }
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}

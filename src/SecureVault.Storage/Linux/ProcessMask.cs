using System;

namespace SecureVault.Storage.Linux;

/// <summary>The process's umask, read without setting it.</summary>
internal static class ProcessMask
{
    internal static uint Read()
    {
        const uint safest = 0x1FF;
        try
        {
            foreach (string line in System.IO.File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("Umask:", StringComparison.Ordinal))
                {
                    return Convert.ToUInt32(line["Umask:".Length..].Trim(), 8);
                }
            }
        }
        catch (System.IO.IOException)
        {
            return safest;
        }

        return safest;
    }
}

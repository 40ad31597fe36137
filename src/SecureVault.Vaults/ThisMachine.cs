using System;
using System.Net;
using System.Net.Sockets;

namespace SecureVault.Vaults;

/// <summary>What this machine is called.</summary>
public static class ThisMachine
{
    /// <summary>
    /// The machine's name, from the system or, where that cannot tell (Windows reads it from a part of the registry that is made anew at each start), from
    /// its network; empty where neither knows. Nothing may fail for want of it: a policy treats an empty host as unknown, against whoever asks.
    /// </summary>
    public static string Name { get; } = Find();

    private static string Find()
    {
        try
        {
#pragma warning disable RS0030 // the one place that asks
            return Environment.MachineName;
#pragma warning restore RS0030
        }
        catch (InvalidOperationException)
        {
            try
            {
                return Dns.GetHostName();
            }
            catch (SocketException)
            {
                return "";
            }
        }
    }
}

using System;

namespace SecureVault.Service.State;

/// <summary>What this machine remembers of a vault cannot be read or kept; the message is for the person at the terminal.</summary>
public sealed class TrustAnchorException : Exception
{
    public TrustAnchorException()
    {
    }

    public TrustAnchorException(string message)
        : base(message)
    {
    }

    public TrustAnchorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

using System;
using System.Diagnostics.CodeAnalysis;

namespace SecureVault.Format.V1;

/// <summary>Refuses a caller's mistake. Stored bytes are never judged here: they give a status.</summary>
internal static class Require
{
    public static void That([DoesNotReturnIf(false)] bool condition, string rule)
    {
        if (!condition)
        {
            Refuse(rule);
        }
    }

    [DoesNotReturn]
    private static void Refuse(string rule) => throw new ArgumentException(rule);
}

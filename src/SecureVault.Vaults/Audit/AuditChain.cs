using System;
using System.Runtime.InteropServices;
using SecureVault.Format.V1;

namespace SecureVault.Vaults.Audit;

/// <summary>Chain values compared and spelled.</summary>
internal static class AuditChain
{
    public static bool Equal(in ChainValue one, in ChainValue other) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<ChainValue>(in one)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<ChainValue>(in other)));

    /// <summary>Lower-case hex, 64 characters.</summary>
    public static string Spell(in ChainValue chain) => Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<ChainValue>(in chain)));
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace SecureVault.Tests.FileSystem.Contract;

/// <summary>The cases of a contract: its public methods whose names are sentences.</summary>
public static class Cases
{
    public static IEnumerable<MethodInfo> Of(Type contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(m => m.Name.Contains('_', StringComparison.Ordinal));
    }
}

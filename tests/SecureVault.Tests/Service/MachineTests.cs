using System;
using System.Linq;
using System.Reflection;
using SecureVault.Tests.FileSystem.Contract;
using SecureVault.Tests.Service.Contract;
using Xunit;

namespace SecureVault.Tests.Service;

/// <summary>The machine these tests run on keeps the contract; tests/SecureVault.MachineProbe asks Windows.</summary>
public sealed class MachineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> All => [.. Cases.Of(typeof(MachineContract)).Select(m => m.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void This_machine(string @case) =>
        typeof(MachineContract).GetMethod(@case)!.Invoke(new MachineContract(_folder.Path), BindingFlags.DoNotWrapExceptions, null, null, null);
}

using System;
using System.IO;
using System.Reflection;
using SecureVault.Storage.Local;
using Xunit;

namespace SecureVault.Tests.FileSystem.Contract;

/// <summary>The contracts over this system's own store; the Windows one runs them as tests/SecureVault.WineProbe.</summary>
public sealed class ContractTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("contract-").FullName;

    public static TheoryData<string> FileCases => Named(typeof(StoreFileContract));

    public static TheoryData<string> NameCases => Named(typeof(StoreNameContract));

    public static TheoryData<string> EngineCases => Named(typeof(EngineContract));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(FileCases))]
    public void Store_files(string name)
    {
        using var contract = new StoreFileContract(BackingStores.ForThisSystem(), _folder);
        typeof(StoreFileContract).GetMethod(name)!.CreateDelegate<Action>(contract)();
    }

    [Theory]
    [MemberData(nameof(NameCases))]
    public void Store_names(string name)
    {
        using var contract = new StoreNameContract(BackingStores.ForThisSystem(), _folder);
        typeof(StoreNameContract).GetMethod(name)!.CreateDelegate<Action>(contract)();
    }

    [Theory]
    [MemberData(nameof(EngineCases))]
    public void Engine(string name) => typeof(EngineContract).GetMethod(name)!.CreateDelegate<Action>(new EngineContract(_folder))();

    private static TheoryData<string> Named(Type contract)
    {
        var names = new TheoryData<string>();
        foreach (MethodInfo method in Cases.Of(contract))
        {
            names.Add(method.Name);
        }

        return names;
    }
}

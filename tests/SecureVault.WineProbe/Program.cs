using System;
using System.IO;
using System.Linq;
using System.Reflection;
using SecureVault.Storage.Local;
using SecureVault.Tests.FileSystem.Contract;

namespace SecureVault.WineProbe;

/// <summary>Runs the cases of the contracts over this system's own store: "ok CASE" or "FAIL CASE: why", a line each; exits with the number of failures.</summary>
/// <remarks>A name given as argument runs the cases that contain it.</remarks>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        return Run(arguments, typeof(StoreFileContract), folder => new StoreFileContract(BackingStores.ForThisSystem(), folder))
            + Run(arguments, typeof(StoreNameContract), folder => new StoreNameContract(BackingStores.ForThisSystem(), folder))
            + Run(arguments, typeof(EngineContract), folder => new EngineContract(folder));
    }

    private static int Run(string[] wanted, Type contract, Func<string, object> open)
    {
        int failures = 0;
        foreach (MethodInfo method in Cases.Of(contract).Where(m => wanted.All(w => m.Name.Contains(w, StringComparison.Ordinal))))
        {
            string folder = Directory.CreateTempSubdirectory("wineprobe-").FullName;
            string problem = Problem(method, () => open(folder));
            Directory.Delete(folder, recursive: true);
            Console.WriteLine(problem.Length == 0 ? $"ok {method.Name}" : $"FAIL {method.Name}: {problem}");
            failures += problem.Length == 0 ? 0 : 1;
        }

        return failures;
    }

    private static string Problem(MethodInfo method, Func<object> open)
    {
        object? contract = null;
        try
        {
            contract = open();
            method.CreateDelegate<Action>(contract)();
            return "";
        }
        catch (Exception e)
        {
            return e.ToString().ReplaceLineEndings(" | ");
        }
        finally
        {
            (contract as IDisposable)?.Dispose();
        }
    }
}

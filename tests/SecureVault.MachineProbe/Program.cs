using System;
using System.IO;
using System.Linq;
using System.Reflection;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using SecureVault.Tests.FileSystem.Contract;
using SecureVault.Tests.Service.Contract;

namespace SecureVault.MachineProbe;

/// <summary>Runs the cases of the machine's contract: "ok CASE" or "FAIL CASE: why", a line each; exits with the number of failures.</summary>
/// <remarks>--hardened hardens this process first, as a drive does: all must hold then too. Another argument runs the cases that contain it.</remarks>
internal static class Program
{
    private const string Hardened = "--hardened";

    private static int Main(string[] arguments)
    {
        int failures = 0;
        if (arguments.Contains(Hardened))
        {
            HardeningReport report = Machine.This.Harden();
            Console.WriteLine($"{(report.Undumpable ? "ok" : "FAIL")} hardened: {report}");
            failures += report.Undumpable ? 0 : 1;
        }

        string[] wanted = [.. arguments.Where(a => a != Hardened)];
        foreach (MethodInfo method in Cases.Of(typeof(MachineContract)).Where(m => wanted.All(w => m.Name.Contains(w, StringComparison.Ordinal))))
        {
            string folder = Directory.CreateTempSubdirectory("machineprobe-").FullName;
            string problem = Problem(() => method.Invoke(new MachineContract(folder), BindingFlags.DoNotWrapExceptions, null, null, null));
            Console.WriteLine(problem.Length == 0 ? $"ok {method.Name}" : $"FAIL {method.Name}: {problem}");
            failures += problem.Length == 0 ? 0 : 1;
            Directory.Delete(folder, recursive: true);
        }

        return failures;
    }

    private static string Problem(Action work)
    {
        try
        {
            work();
            return "";
        }
        catch (Exception e)
        {
            return e.ToString().ReplaceLineEndings(" | ");
        }
    }
}

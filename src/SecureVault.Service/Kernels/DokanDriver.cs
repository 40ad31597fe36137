using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using SecureVault.Vaults;

namespace SecureVault.Service.Kernels;

/// <summary>Whether the Dokan driver is on this machine, and is one that the drive was written for.</summary>
/// <remarks>dokan2.dll answers DokanVersion with its own version (231 for 2.3.1) and DokanDriverVersion with the driver's, 0 when the driver does not answer.</remarks>
[SupportedOSPlatform("windows")]
internal static unsafe class DokanDriver
{
    private const string Library = "dokan2.dll";
    private const uint Oldest = 230;
    private const string WhatToDo = "install Dokany 2.3 or newer with its official setup (DokanSetup.exe), then mount again";

    /// <summary>Ok, or Failed with what to install.</summary>
    public static VaultResult Check()
    {
        const DllImportSearchPath trusted = DllImportSearchPath.System32 | DllImportSearchPath.AssemblyDirectory;
        if (!NativeLibrary.TryLoad(Library, typeof(DokanDriver).Assembly, trusted, out nint library))
        {
            return Failed($"The Dokan driver is not installed: {WhatToDo}.");
        }

        try
        {
            return Check(library);
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    private static VaultResult Check(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "DokanVersion", out nint version) || !NativeLibrary.TryGetExport(library, "DokanDriverVersion", out nint driver))
        {
            return Failed($"{Library} is not Dokan's: {WhatToDo}.");
        }

        uint found = ((delegate* unmanaged[Stdcall]<uint>)version)();
        if (found < Oldest)
        {
            return Failed($"The Dokan driver {Shown(found)} is too old: {WhatToDo}.");
        }

        return ((delegate* unmanaged[Stdcall]<uint>)driver)() == 0
            ? Failed($"The Dokan library {Shown(found)} is installed but its driver does not answer: restart the machine, or {WhatToDo}.")
            : VaultResult.Ok;
    }

    /// <summary>231 is 2.3.1.</summary>
    private static string Shown(uint version) => string.Join('.', version.ToString(CultureInfo.InvariantCulture).ToCharArray());

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}

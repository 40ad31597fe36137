using System;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using SecureVault.Crypto;
using SecureVault.FileSystem;
using SecureVault.Policy;

namespace SecureVault.Service.Drives;

/// <summary>Compiles the drive's methods in the background once it is live, so that no user's first listing waits for the compiler.</summary>
/// <remarks>
/// About a second of one processor, below normal priority, once. It runs nothing: a method that cannot be compiled ahead is compiled at its first
/// call, as always.
/// </remarks>
internal static class EarlyCompilation
{
    // The rooms by a type of each; Format is seen through the engine's references.
    private static readonly Type[] Rooms = [typeof(VaultFileSystem), typeof(AeadKey), typeof(PolicyDocument)];

    /// <summary>Starts the one background thread and returns at once.</summary>
    /// <param name="kernel">A type of the kernel's room, compiled first.</param>
    public static void Start(Type kernel) =>
        new Thread(() => Compile(kernel)) { IsBackground = true, Name = "early compilation", Priority = ThreadPriority.BelowNormal }.Start();

    private static void Compile(Type kernel)
    {
        foreach (Type room in Rooms.Prepend(kernel).Distinct())
        {
            Compile(room.Assembly);
        }

        foreach (AssemblyName name in typeof(VaultFileSystem).Assembly.GetReferencedAssemblies())
        {
            if (name.Name == "SecureVault.Format")
            {
                Compile(Assembly.Load(name));
            }
        }
    }

    private static void Compile(Assembly room)
    {
        const BindingFlags all = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        foreach (Type type in room.GetTypes())
        {
            if (type.ContainsGenericParameters)
            {
                continue;
            }

            foreach (MethodInfo method in type.GetMethods(all))
            {
                Compile(method);
            }
        }
    }

    private static void Compile(MethodInfo method)
    {
        if (method.IsAbstract || method.ContainsGenericParameters || (method.Attributes & MethodAttributes.PinvokeImpl) != 0)
        {
            return;
        }

        try
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        catch (Exception e) when (e is TypeLoadException or PlatformNotSupportedException or NotSupportedException or InvalidOperationException or InvalidProgramException)
        {
            // Compiled at its first call, or never called on this system.
        }
    }
}

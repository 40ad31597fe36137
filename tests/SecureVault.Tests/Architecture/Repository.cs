using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace SecureVault.Tests.Architecture;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>Path of src.</summary>
    public static string Source => Path.Combine(Root, "src");

    public static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "SecureVault.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
    }

    /// <summary>Names of the rooms: the folders of src, without "SecureVault.".</summary>
    public static IEnumerable<string> Rooms => Directory.GetDirectories(Source).Select(d => Path.GetFileName(d)["SecureVault.".Length..]);

    /// <summary>The C# sources of src that a person wrote: all but what stands in a project's own obj and bin.</summary>
    public static IEnumerable<string> Sources => Directory.GetFiles(Source, "*.cs", SearchOption.AllDirectories)
        .Where(f => Path.GetRelativePath(Source, f).Split(Path.DirectorySeparatorChar)[1] is not ("obj" or "bin"));
}

using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace SecureVault.Cli.Demo;

/// <summary>Someone on the tour.</summary>
/// <param name="Name">In the policy; "root" is in none.</param>
/// <param name="Uid">The system's number.</param>
/// <param name="IsReal">True when this process can open files as them.</param>
/// <param name="Grants">Scope and mode.</param>
internal sealed record Person(string Name, uint Uid, bool IsReal, IReadOnlyList<(string Scope, string Mode)> Grants);

/// <summary>Chooses numbers nobody on this machine has.</summary>
internal static class People
{
    private const uint FirstNumber = 65001;

    /// <summary>alice, bob and carol; as root also root itself. As another user, alice is that user.</summary>
    public static IReadOnlyList<Person> Choose(uint self)
    {
        uint[] free = FreeNumbers(3);
        bool root = self == 0;
        Person[] people =
        [
            new("alice", root ? free[0] : self, true, [("finance:secret", "plaintext"), ("engineering:internal", "read-only")]),
            new("bob", free[1], root, [("finance:secret", "read-only")]),
            new("carol", free[2], root, [("engineering:internal", "plaintext")]),
        ];
        return root ? [.. people, new Person("root", 0, true, [])] : people;
    }

    private static uint[] FreeNumbers(int count)
    {
        var taken = new HashSet<uint>();
        if (File.Exists("/etc/passwd"))
        {
            foreach (string line in File.ReadLines("/etc/passwd"))
            {
                string[] fields = line.Split(':');
                if (fields.Length > 2 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid))
                {
                    taken.Add(uid);
                }
            }
        }

        return [.. Enumerable.Range(0, count + taken.Count).Select(i => FirstNumber + (uint)i).Where(u => !taken.Contains(u)).Take(count)];
    }
}

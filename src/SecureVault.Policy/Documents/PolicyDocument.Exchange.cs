using System.Linq;

namespace SecureVault.Policy.Documents;

/// <summary>The whole of what an admin may change, put in at once.</summary>
public sealed partial class PolicyDocument
{
    /// <summary>The next version, with all that an older one said but for its incident locks: those in force stay. Keyring, labels and their numbers are this one's.</summary>
    public PolicyEdit WithContentOf(PolicyDocument older) => Replaced(older._content);

    internal PolicyContent Content => _content;

    /// <summary>As WithContentOf. Refused where a user or department that is under an incident lock would be gone.</summary>
    internal PolicyEdit Replaced(PolicyContent wanted)
    {
        string? locked = Locks.Where(l => (l.Kind == LockKind.User && wanted.Users.All(u => u.Name != l.Name)) || (l.Kind == LockKind.Department && !wanted.Departments.Contains(l.Name)))
            .Select(l => $"The {l.Target} is under an incident lock and cannot be left out: take the lock off first (incident unlock).").FirstOrDefault();
        return locked is not null ? Refuse(locked) : Make(Next() with
        {
            Levels = wanted.Levels,
            Departments = wanted.Departments,
            Users = wanted.Users,
            Groups = wanted.Groups,
            Programs = wanted.Programs,
            Rules = wanted.Rules,
            Layers = wanted.Layers,
        });
    }
}

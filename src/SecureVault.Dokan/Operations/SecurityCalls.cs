using System;
using System.Collections.Generic;
using SecureVault.Dokan.Security;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Security descriptors that say what the policy would decide. They inform; the gate decides.</summary>
internal sealed class SecurityCalls
{
    private const string Everyone = "S-1-1-0";

    private readonly DriveContext _drive;
    private readonly byte[] _owner;
    private readonly byte[] _everyone;

    public SecurityCalls(DriveContext drive)
    {
        _drive = drive;
        _owner = SidBytes.TryParse(drive.Options.OwnerSid, out byte[] owner)
            ? owner
            : throw new ArgumentException("The owner is no SID.", nameof(drive));
        _ = SidBytes.TryParse(Everyone, out _everyone);
    }

    /// <summary>Of an unlabelled object everyone may do everything; of a labelled one whoever the policy names may modify or read it, and everyone may read attributes.</summary>
    public NtStatus Get(NtHandle handle, NtSecurityParts parts, out byte[] descriptor)
    {
        descriptor = [];
        VaultStatus status = _drive.Engine.GetRights(handle.Node, out IReadOnlyList<SidRight>? rights);
        if (status != VaultStatus.Ok)
        {
            return StatusMap.ToNt(status);
        }

        var dacl = new List<Allowed>();
        foreach (SidRight right in rights ?? [])
        {
            if (SidBytes.TryParse(right.Sid, out byte[] sid))
            {
                dacl.Add(new Allowed(sid, right.Right == AccessRight.ReadWrite ? NtAccess.FileModify : NtAccess.FileReadAndExecute));
            }
        }

        const NtAccess attributesOnly = NtAccess.ReadAttributes | NtAccess.ReadControl | NtAccess.Synchronize;
        dacl.Add(new Allowed(_everyone, rights is null ? NtAccess.FileAllAccess : attributesOnly));
        descriptor = DescriptorBytes.Make(parts, _owner, _owner, dacl, handle.IsDirectory);
        return NtStatus.Success;
    }

    /// <summary>
    /// Owner, group and DACL are accepted without effect. Auditing entries are refused, since whoever sets those relies on them; so is what has no
    /// name here (an integrity label, a resource attribute).
    /// </summary>
    public static NtStatus Set(NtSecurityParts parts) => parts == NtSecurityParts.None || (parts & NtSecurityParts.Sacl) != 0 ? NtStatus.AccessDenied : NtStatus.Success;
}

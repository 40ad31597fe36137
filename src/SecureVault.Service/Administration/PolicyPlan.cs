using System;
using System.Collections.Generic;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Exchange;

namespace SecureVault.Service.Administration;

/// <summary>A change of the whole policy before it is made: what it would do. Nothing was changed yet.</summary>
/// <param name="Changes">Every field that would be another; empty: nothing would.</param>
/// <param name="Widened">Where somebody would get more: for a person to say yes to.</param>
/// <param name="Remarks">What the policy would say to no effect.</param>
/// <param name="Note">What is to be said besides; empty for nothing.</param>
public sealed record PolicyPlan(IReadOnlyList<string> Changes, IReadOnlyList<string> Widened, IReadOnlyList<string> Remarks, string Note)
{
    /// <summary>What is wrong with the file; then there is nothing to make.</summary>
    public IReadOnlyList<FaultRow> Faults { get; init; } = [];

    internal PolicyDocument? Base { get; init; }

    internal PolicyDocument? Wanted { get; init; }

    internal string Description { get; init; } = "";

    internal static PolicyPlan Faulty(IReadOnlyList<DocumentFault> faults) => new([], [], [], "") { Faults = PolicyFiles.Rows(faults) };
}

/// <summary>Something wrong in a file: line and column from 1, and a sentence.</summary>
public sealed record FaultRow(int Line, int Column, string Problem);

/// <summary>What is wrong with a policy that people edit, and what it says to no effect.</summary>
public sealed record PolicyCheck(IReadOnlyList<FaultRow> Faults, IReadOnlyList<string> Remarks);

/// <summary>One version of the policy. By and What are the audit log's, and empty where it does not tell; Kept: it can be shown and gone back to.</summary>
public sealed record PolicyVersionRow(ulong Version, DateTimeOffset? Time, string By, string What, bool InForce, bool Kept);

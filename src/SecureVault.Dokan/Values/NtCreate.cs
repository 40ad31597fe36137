namespace SecureVault.Dokan.Values;

/// <summary>What a Create asks for.</summary>
/// <param name="Access">Generic bits are allowed.</param>
/// <param name="Share">What others may do meanwhile.</param>
/// <param name="Disposition">What to do when the name exists and when not.</param>
/// <param name="Options">Folder or file, delete on close.</param>
/// <param name="Attributes">For what is made or emptied; only ReadOnly is kept.</param>
public readonly record struct NtCreate(NtAccess Access, NtShare Share, NtDisposition Disposition, NtOptions Options, NtAttributes Attributes);

namespace SecureVault.Content;

/// <summary>Where the journal has a sealed block: offset in the journal and sealed length.</summary>
internal readonly record struct JournalEntry(long Offset, int Length);

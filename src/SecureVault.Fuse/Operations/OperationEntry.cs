using System;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Operations;

/// <summary>One operation: parse the rest of the request, call the drive, fill the body.</summary>
/// <returns>0, or a positive errno; then the body is dropped.</returns>
internal delegate int OperationHandler(ref RequestReader request, ref ReplyWriter reply);

/// <summary>A row of the operation table.</summary>
/// <param name="Name">As in the log: the opcode's name without its prefix.</param>
/// <param name="MinimumBody">Bytes behind the header below which the request is malformed.</param>
/// <param name="Answers">False: the kernel waits for no reply and must not get one.</param>
/// <param name="Changes">Whether names or attributes may be others afterwards.</param>
internal sealed record OperationEntry(string Name, int MinimumBody, bool Answers, bool Changes, OperationHandler Handler);

/// <summary>Opcode to operation. Filled once; read by every thread.</summary>
internal sealed class OperationTable
{
    private readonly OperationEntry?[] _entries = new OperationEntry?[64];

    /// <summary>Adds an operation the kernel waits for.</summary>
    public void Add(fuse_opcode opcode, int minimumBody, OperationHandler handler) => Add(opcode, minimumBody, true, true, handler);

    /// <summary>Adds one that leaves names and attributes as they are.</summary>
    public void AddQuery(fuse_opcode opcode, int minimumBody, OperationHandler handler) => Add(opcode, minimumBody, true, false, handler);

    /// <summary>Adds one that is never answered, and leaves names and attributes as they are.</summary>
    public void AddSilent(fuse_opcode opcode, int minimumBody, OperationHandler handler) => Add(opcode, minimumBody, false, false, handler);

    /// <summary>Null for an opcode this room does not implement.</summary>
    public OperationEntry? Find(uint opcode) => opcode < (uint)_entries.Length ? _entries[opcode] : null;

    private void Add(fuse_opcode opcode, int minimumBody, bool answers, bool changes, OperationHandler handler)
    {
        ref OperationEntry? slot = ref _entries[(int)opcode];
        if (slot is not null)
        {
            throw new ArgumentException("The opcode has an operation already.", nameof(opcode));
        }

        slot = new OperationEntry(opcode.ToString()["FUSE_".Length..], minimumBody, answers, changes, handler);
    }
}

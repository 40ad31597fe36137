using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem;

namespace SecureVault.Dokan.Drives;

/// <summary>A vault as NT's file operations see it, without a word of any driver: what an adapter calls, one method for each callback.</summary>
/// <remarks>
/// Any thread, re-entrant. No call throws: an exception inside is logged and answered InternalError. After Stop every call answers
/// VolumeDismounted and touches nothing. Nothing here waits on anything but the vault's own store.
/// Byte-range locks have no method: the driver keeps them.
/// </remarks>
public sealed class NtDrive : IDisposable
{
    private readonly DriveContext _drive;
    private readonly CallGuard _guard;
    private readonly Opening _opening;
    private readonly ContentCalls _content;
    private readonly Ending _ending;
    private readonly Moving _moving;
    private readonly Facts _facts;
    private readonly Listing _listing;
    private readonly SecurityCalls _security;

    /// <param name="engine">Stays the caller's; must live until Stop has returned.</param>
    /// <param name="options">Label, serial number, owner.</param>
    /// <param name="log">Hears of failed operations.</param>
    public NtDrive(VaultFileSystem engine, NtDriveOptions options, INtLog log)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(log);
        _drive = new DriveContext(engine, options, log);
        _guard = new CallGuard(log);
        _opening = new Opening(_drive);
        _content = new ContentCalls(_drive);
        _ending = new Ending(_drive);
        _moving = new Moving(_drive);
        _facts = new Facts(_drive);
        _listing = new Listing(_drive);
        _security = new SecurityCalls(_drive);
    }

    /// <summary>Objects open now.</summary>
    public int OpenCount => _drive.Nodes.Count;

    /// <summary>Who has something open now, each process once.</summary>
    public IReadOnlyList<Requestor> Holders => [.. _drive.Nodes.All().Select(handle => handle.Requestor).DistinctBy(holder => (holder.Pid, holder.Executable))];

    /// <summary>Opens or makes. The only call that asks who calls.</summary>
    /// <param name="path">"\" or "\folder\name".</param>
    /// <param name="handle">Null unless Success or, where the disposition may find an object, ObjectNameCollision: then it was found, and the driver must be told so.</param>
    public NtStatus Create(string path, NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        NtHandle? opened = null;
        NtStatus status = _guard.Run(nameof(Create), () => _opening.Create(path, create, requestor, out opened));
        handle = opened;
        return status;
    }

    /// <summary>The caller has let go of the handle; content may still be read and written through it until Close.</summary>
    /// <param name="deletePending">The driver says that the handle's name goes now. Nothing else removes it, whatever was asked for before.</param>
    public NtStatus Cleanup(NtHandle handle, bool deletePending) => _guard.Run(nameof(Cleanup), () =>
    {
        _ending.CleanUp(handle, deletePending);
        return NtStatus.Success;
    });

    /// <summary>The last call for a handle. Closing again does nothing.</summary>
    public NtStatus Close(NtHandle handle) => _guard.Run(nameof(Close), () =>
    {
        _ending.CleanUp(handle, false); // a driver that never cleaned up still ends the sharing
        _ending.Close(handle);
        return NtStatus.Success;
    });

    /// <summary>Reads up to plain.Length bytes; fewer only at the end of the file, none past it (Success with 0: the library makes END_OF_FILE of it).</summary>
    public NtStatus Read(NtHandle handle, long plainOffset, Span<byte> plain, out int read)
    {
        var transfer = new Transfer { Handle = handle, Offset = plainOffset, Into = plain };
        NtStatus status = _guard.Run(nameof(Read), ref transfer, static (ref Transfer t) => ContentCalls.Read(t.Handle, t.Offset, t.Into, out t.Count));
        read = transfer.Count;
        return status;
    }

    /// <summary>Writes all or fails.</summary>
    /// <param name="paging">From the memory manager: never makes the file longer; what lies past the end counts as written. Comes by any handle of a file that one may write.</param>
    /// <param name="toEnd">At the end, whatever plainOffset says.</param>
    public NtStatus Write(NtHandle handle, long plainOffset, ReadOnlySpan<byte> plain, bool paging, bool toEnd, out int written)
    {
        var transfer = new Transfer { Content = _content, Handle = handle, Offset = plainOffset, From = plain, Paging = paging, ToEnd = toEnd };
        NtStatus status = _guard.Run(nameof(Write), ref transfer, static (ref Transfer t) => t.Content.Write(t.Handle, t.Offset, t.From, t.Paging, t.ToEnd, out t.Count));
        written = transfer.Count;
        return status;
    }

    /// <summary>Makes durable what was written.</summary>
    public NtStatus Flush(NtHandle handle) => OnHandle(nameof(Flush), handle, () => ContentCalls.Flush(handle));

    public NtStatus GetInformation(NtHandle handle, out NtFileInformation information)
    {
        NtFileInformation found = default;
        NtStatus status = OnHandle(nameof(GetInformation), handle, () => _facts.Get(handle, out found));
        information = found;
        return status;
    }

    /// <summary>Gives the entries of a folder to the sink.</summary>
    /// <param name="pattern">With the wildcards of NT (* ? &lt; &gt; "); null or empty for all.</param>
    public NtStatus List(NtHandle handle, string? pattern, INtListSink sink) => OnHandle(nameof(List), handle, () => _listing.List(handle, pattern, sink));

    /// <summary>None changes nothing, as the driver has it.</summary>
    public NtStatus SetAttributes(NtHandle handle, NtAttributes attributes) => OnHandle(nameof(SetAttributes), handle, () => _facts.SetAttributes(handle, attributes));

    public NtStatus SetTimes(NtHandle handle, NtTimes times) => OnHandle(nameof(SetTimes), handle, () => _facts.SetTimes(handle, times));

    /// <summary>First step of a delete: decides by the label, looks whether a folder is empty, removes nothing. The name goes with the Cleanup of which the driver says so.</summary>
    /// <param name="delete">False takes an earlier yes back.</param>
    public NtStatus CheckDelete(NtHandle handle, bool delete) => OnHandle(nameof(CheckDelete), handle, () => _ending.CheckDelete(handle, delete));

    public NtStatus Move(NtHandle handle, string newPath, bool replace) => OnHandle(nameof(Move), handle, () => _moving.Move(handle, newPath, replace));

    public NtStatus SetEndOfFile(NtHandle handle, long plainSize) => OnHandle(nameof(SetEndOfFile), handle, () => _content.SetEndOfFile(handle, plainSize));

    public NtStatus SetAllocationSize(NtHandle handle, long allocation) => OnHandle(nameof(SetAllocationSize), handle, () => _content.SetAllocationSize(handle, allocation));

    public NtStatus GetSpace(out NtSpace space)
    {
        NtSpace found = default;
        NtStatus status = _guard.Run(nameof(GetSpace), () => _facts.GetSpace(out found));
        space = found;
        return status;
    }

    public NtStatus GetVolume(out NtVolume volume)
    {
        NtVolume found = default;
        NtStatus status = _guard.Run(nameof(GetVolume), () =>
        {
            found = _facts.GetVolume();
            return NtStatus.Success;
        });
        volume = found;
        return status;
    }

    /// <summary>The self-relative security descriptor that says what the policy would decide.</summary>
    /// <param name="descriptor">Takes it when it fits; else BufferOverflow.</param>
    /// <param name="needed">Its length in bytes.</param>
    public NtStatus GetSecurity(NtHandle handle, NtSecurityParts parts, Span<byte> descriptor, out int needed)
    {
        byte[] made = [];
        NtStatus status = OnHandle(nameof(GetSecurity), handle, () => _security.Get(handle, parts, out made));
        needed = made.Length;
        return status == NtStatus.Success && !made.AsSpan().TryCopyTo(descriptor) ? NtStatus.BufferOverflow : status;
    }

    /// <summary>Accepted and not kept: the policy alone decides. WINDOWS.md says why it is not refused.</summary>
    public NtStatus SetSecurity(NtHandle handle, NtSecurityParts parts) => OnHandle(nameof(SetSecurity), handle, () => SecurityCalls.Set(parts));

    public NtStatus GetStreams(NtHandle handle, out NtStream[] streams)
    {
        NtStream[] found = [];
        NtStatus status = OnHandle(nameof(GetStreams), handle, () => _facts.GetStreams(handle, out found));
        streams = found;
        return status;
    }

    /// <summary>Ends the drive: waits for the calls under way, then gives every open file back to the engine. Pending deletes of handles that were not cleaned up do not happen.</summary>
    public void Stop()
    {
        if (_guard.Stop())
        {
            foreach (NtHandle handle in _drive.Nodes.All())
            {
                _ending.Close(handle);
            }
        }
    }

    public void Dispose()
    {
        Stop();
        _guard.Dispose();
    }

    private NtStatus OnHandle(string operation, NtHandle handle, Func<NtStatus> call) =>
        _guard.Run(operation, () => handle.Closed ? NtStatus.InvalidHandle : call());

    private ref struct Transfer
    {
        public ContentCalls Content;
        public NtHandle Handle;
        public long Offset;
        public Span<byte> Into;
        public ReadOnlySpan<byte> From;
        public bool Paging;
        public bool ToEnd;
        public int Count;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;

namespace SecureVault.Service.Programs;

/// <summary>A file by the name that a process has for it, found as that process sees it: from its root and its working folder, and never out of its root.</summary>
/// <remarks>
/// The path is walked a name at a time by descriptors that only name things (O_PATH), because no look may be made below a folder that a program serves, see <see cref="Mounts"/>;
/// the kernel's own walk, openat2(2), cannot be told so. Symbolic links are read here. Links of /proc are not followed at all.
/// </remarks>
internal sealed class VisibleFile : IDisposable
{
    private const int MostNames = 512;
    private const int OnlyName = Libc.O_PATH;

    private readonly Mounts _mounts;
    private readonly SafeFileHandle _root;
    private readonly FileFacts _top;
    private SafeFileHandle _at;

    private VisibleFile(Mounts mounts, SafeFileHandle root, FileFacts top, SafeFileHandle at)
    {
        _mounts = mounts;
        _root = root;
        _top = top;
        _at = at;
    }

    /// <summary>Opens a file for reading; null when there is none, it is no file, or it lies where no look may be made. path: where it really lies, as this process would name it.</summary>
    public static SafeFileHandle? Open(ProcessFolder process, Mounts mounts, string name, out FileFacts facts, out string path)
    {
        facts = default;
        path = "";
        SafeFileHandle? root = process.OpenFile("root", OnlyName);
        SafeFileHandle? start = process.OpenFile(name.StartsWith('/') ? "root" : "cwd", OnlyName);
        if (root is null || start is null || !FileFacts.TryOf(Descriptor(root), out FileFacts top))
        {
            root?.Dispose();
            start?.Dispose();
            return null;
        }

        using var walk = new VisibleFile(mounts, root, top, start);
        if (!walk.Walk(name) || !FileFacts.TryOf(Descriptor(walk._at), out facts) || !facts.IsFile)
        {
            return null;
        }

        string self = $"/proc/self/fd/{Descriptor(walk._at).ToString(CultureInfo.InvariantCulture)}";
        path = ProcessFolder.LinkAt(Libc.AT_FDCWD, self);
        return ProcessFolder.OpenAt(Libc.AT_FDCWD, self, Libc.O_RDONLY);
    }

    public void Dispose()
    {
        _root.Dispose();
        _at.Dispose();
    }

    private bool Walk(string name)
    {
        Stack<string> left = new();
        Push(left, name);
        for (int steps = 0; left.TryPop(out string? next); steps++)
        {
            if (steps == MostNames || !Step(next, left))
            {
                return false;
            }
        }

        return FileFacts.TryOf(Descriptor(_at), out FileFacts end) && !_mounts.IsServed(end.Stamp.Device);
    }

    private bool Step(string name, Stack<string> left)
    {
        if (!FileFacts.TryOf(Descriptor(_at), out FileFacts here) || _mounts.IsServed(here.Stamp.Device))
        {
            return false;
        }

        if (name == ".." && here.Stamp.Inode == _top.Stamp.Inode && here.Stamp.Device == _top.Stamp.Device)
        {
            return true;
        }

        SafeFileHandle? next = ProcessFolder.OpenAt(Descriptor(_at), name, OnlyName | Libc.O_NoLinks);
        if (next is null || !FileFacts.TryOf(Descriptor(next), out FileFacts found))
        {
            next?.Dispose();
            return false;
        }

        if (!found.IsLink)
        {
            Go(next);
            return true;
        }

        using (next)
        {
            return !_mounts.IsServed(found.Stamp.Device) && Follow(ProcessFolder.LinkAt(Descriptor(next), ""), left);
        }
    }

    private bool Follow(string target, Stack<string> left)
    {
        if (target.Length == 0)
        {
            return false;
        }

        if (target[0] == '/')
        {
            if (ProcessFolder.OpenAt(Descriptor(_root), ".", OnlyName) is not { } top)
            {
                return false;
            }

            Go(top);
        }

        Push(left, target);
        return true;
    }

    private void Go(SafeFileHandle place)
    {
        _at.Dispose();
        _at = place;
    }

    private static void Push(Stack<string> left, string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = names.Length - 1; i >= 0; i--)
        {
            left.Push(names[i]);
        }
    }

    private static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}

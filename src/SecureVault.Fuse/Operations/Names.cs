using System;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Operations;

/// <summary>Reads names and checks what the waist promises of them: 1..255 bytes, no slash, no NUL, neither "." nor "..".</summary>
internal static class Names
{
    private const int MostNameBytes = 255;
    private const int MostTargetBytes = 4095;

    /// <returns>0, EINVAL or ENAMETOOLONG.</returns>
    public static int Read(ref RequestReader request, out ReadOnlySpan<byte> name)
    {
        if (!request.TryReadString(out name) || name.IsEmpty || name.Contains((byte)'/') || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return Errno.EINVAL;
        }

        return name.Length > MostNameBytes ? Errno.ENAMETOOLONG : 0;
    }

    /// <summary>Reads a symlink's target.</summary>
    /// <returns>0, EINVAL or ENAMETOOLONG.</returns>
    public static int ReadTarget(ref RequestReader request, out ReadOnlySpan<byte> target)
    {
        if (!request.TryReadString(out target) || target.IsEmpty)
        {
            return Errno.EINVAL;
        }

        return target.Length > MostTargetBytes ? Errno.ENAMETOOLONG : 0;
    }
}

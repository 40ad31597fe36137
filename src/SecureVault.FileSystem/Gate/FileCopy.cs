using System;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>Copies between two open files piece by piece, as their handles let it.</summary>
internal static class FileCopy
{
    /// <param name="piece">Room for a piece; holds plaintext afterwards.</param>
    /// <param name="copied">May be less than length.</param>
    public static VaultStatus Run(OpenFile source, OpenFile target, long plainOffset, long targetOffset, long length, byte[] piece, out long copied)
    {
        copied = 0;
        while (copied < length)
        {
            int wanted = (int)Math.Min(piece.Length, length - copied);
            VaultStatus status = source.Read(plainOffset + copied, piece.AsSpan(0, wanted), out int read);
            int written = 0;
            if (status == VaultStatus.Ok && read > 0)
            {
                status = target.Write(targetOffset + copied, piece.AsSpan(0, read), out written);
            }

            copied += written;
            if (status != VaultStatus.Ok || read < wanted)
            {
                return copied > 0 ? VaultStatus.Ok : status;
            }
        }

        return VaultStatus.Ok;
    }
}

using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SecureVault.Actor;

/// <summary>A failed call's number.</summary>
internal sealed class ErrnoException(int number) : Exception
{
    public int Number { get; } = number;
}

/// <summary>Names of the numbers the tests look for.</summary>
internal static class Errno
{
    public static string Name(int number) => number switch
    {
        1 => "EPERM", 2 => "ENOENT", 5 => "EIO", 6 => "ENXIO", 9 => "EBADF", 11 => "EAGAIN", 13 => "EACCES", 16 => "EBUSY", 17 => "EEXIST", 18 => "EXDEV",
        20 => "ENOTDIR", 21 => "EISDIR", 22 => "EINVAL", 25 => "ENOTTY", 26 => "ETXTBSY", 27 => "EFBIG", 28 => "ENOSPC", 30 => "EROFS", 31 => "EMLINK",
        34 => "ERANGE", 36 => "ENAMETOOLONG", 38 => "ENOSYS", 39 => "ENOTEMPTY", 40 => "ELOOP", 61 => "ENODATA", 95 => "EOPNOTSUPP",
        107 => "ENOTCONN", 116 => "ESTALE", 122 => "EDQUOT",
        _ => "errno " + number.ToString(CultureInfo.InvariantCulture),
    };

    public static long Check(long result) => result < 0 ? throw new ErrnoException(Marshal.GetLastPInvokeError()) : result;
}

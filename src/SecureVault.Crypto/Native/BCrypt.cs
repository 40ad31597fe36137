using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SecureVault.Crypto.Native;

/// <summary>bcrypt.dll, under its own names. Each answers with an NTSTATUS.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class BCrypt
{
    public const int STATUS_SUCCESS = 0;
    public const uint BCRYPT_ECDSA_PUBLIC_P256_MAGIC = 0x31534345;
    public const uint BCRYPT_ECDSA_PRIVATE_P256_MAGIC = 0x32534345;

    [LibraryImport("bcrypt.dll", StringMarshalling = StringMarshalling.Utf16)]
    public static partial int BCryptOpenAlgorithmProvider(out nint algorithm, string name, string? provider, uint flags);

    [LibraryImport("bcrypt.dll", StringMarshalling = StringMarshalling.Utf16)]
    public static partial int BCryptImportKeyPair(nint algorithm, nint wrappedBy, string kind, out nint key, byte* blob, uint length, uint flags);

    [LibraryImport("bcrypt.dll")]
    public static partial int BCryptSignHash(nint key, void* padding, byte* hash, uint hashLength, byte* signature, uint signatureLength, out uint written, uint flags);

    [LibraryImport("bcrypt.dll")]
    public static partial int BCryptVerifySignature(nint key, void* padding, byte* hash, uint hashLength, byte* signature, uint signatureLength, uint flags);

    [LibraryImport("bcrypt.dll")]
    public static partial int BCryptDestroyKey(nint key);
}

using System;
using System.Runtime.InteropServices;

namespace SecureVault.Crypto.Native;

/// <summary>OpenSSL's cipher calls (EVP, evp.h of OpenSSL 3), with the library's own names and numbers.</summary>
/// <remarks>
/// The library that System.Security.Cryptography itself loads on Linux. Calls that take well under a microsecond are made without leaving
/// managed mode; none of them blocks or calls back.
/// </remarks>
internal static unsafe partial class LibCrypto
{
    internal const int EVP_CTRL_AEAD_GET_TAG = 0x10;
    internal const int EVP_CTRL_AEAD_SET_TAG = 0x11;

    private const string Name = "libcrypto.so.3";

    /// <summary>AES-256-GCM; zero where the library is missing or does not have it. Kept for the process's life.</summary>
    internal static nint Aes256Gcm { get; } = Find("AES-256-GCM");

    /// <summary>AES-256 of single blocks; zero where the library is missing or does not have it. Kept for the process's life.</summary>
    internal static nint Aes256Ecb { get; } = Find("AES-256-ECB");

    [LibraryImport(Name)]
    internal static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Name)]
    internal static partial void EVP_CIPHER_CTX_free(nint context);

    /// <summary>Sets cipher and key.</summary>
    [LibraryImport(Name)]
    internal static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* nonce, int encrypt);

    /// <summary>The same call without cipher and key: sets nonce and direction.</summary>
    [LibraryImport(Name, EntryPoint = nameof(EVP_CipherInit_ex))]
    [SuppressGCTransition]
    internal static partial int EVP_CipherInitNonce(nint context, nint cipher, nint engine, byte* key, byte* nonce, int encrypt);

    [LibraryImport(Name)]
    internal static partial int EVP_CipherUpdate(nint context, byte* target, int* written, byte* source, int length);

    /// <summary>The same call, for a few bytes.</summary>
    [LibraryImport(Name, EntryPoint = nameof(EVP_CipherUpdate))]
    [SuppressGCTransition]
    internal static partial int EVP_CipherUpdateShort(nint context, byte* target, int* written, byte* source, int length);

    [LibraryImport(Name)]
    [SuppressGCTransition]
    internal static partial int EVP_CipherFinal_ex(nint context, byte* target, int* written);

    [LibraryImport(Name)]
    [SuppressGCTransition]
    internal static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int size, byte* value);

    [LibraryImport(Name)]
    internal static partial int EVP_CIPHER_CTX_set_padding(nint context, int pad);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint EVP_CIPHER_fetch(nint libraryContext, string algorithm, nint properties);

    private static nint Find(string algorithm)
    {
        try
        {
            return OperatingSystem.IsLinux() ? EVP_CIPHER_fetch(0, algorithm, 0) : 0;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return 0;
        }
    }
}

using System;
using System.IO;

namespace SecureVault.Service.PrivateFiles;

/// <summary>Folders, files and locks of this program outside a vault, private to their owner.</summary>
/// <remarks>IOException or UnauthorizedAccessException when something cannot be done. Any thread.</remarks>
internal interface IPrivateFiles
{
    /// <summary>Makes the folder and what leads to it when missing; the folder itself is the owner's alone, or with readers open to look at.</summary>
    void Ensure(string folder, bool readers = false);

    /// <summary>Takes an exclusive lock on a file, waiting for who holds it; held until disposed.</summary>
    IDisposable Take(string file);

    /// <summary>As Take, but null when another process holds it.</summary>
    IDisposable? TryTake(string file);

    /// <summary>Makes a file that is not there, the owner's alone.</summary>
    FileStream Create(string file);

    /// <summary>Reads a file that another process may be replacing.</summary>
    byte[] Read(string file);

    /// <summary>Puts a written file in the place of another in the same folder, at once and durably.</summary>
    void Replace(string next, string file);

    /// <summary>A log file as it is to be written: private, and at its end whoever else writes it. Takes the stream that opened it over.</summary>
    Stream ForLog(string file, Stream opened);

    /// <summary>True when a file that decides how this program runs can be changed only by whoever this process trusts anyway.</summary>
    bool IsTrusted(string file);
}

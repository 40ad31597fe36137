using System;
using System.Buffers;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace SecureVault.Service.Programs;

/// <summary>The package tools of a machine: dpkg-query(1) and rpm(8), started without a shell.</summary>
/// <param name="Info">Where dpkg keeps a package's NAME.md5sums.</param>
internal sealed record PackageTools(string DpkgQuery, string Info, string Rpm, TimeSpan Patience)
{
    private static readonly SearchValues<char> Patterns = SearchValues.Create("*?[]\\\n");

    public static PackageTools OfMachine { get; } = new("/usr/bin/dpkg-query", "/var/lib/dpkg/info", "/usr/bin/rpm", TimeSpan.FromSeconds(30));

    /// <summary>As <see cref="PackageOwner.Of"/>.</summary>
    public PackageOwner? OwnerOf(string path) => path.StartsWith('/') && path.AsSpan().IndexOfAny(Patterns) < 0 ? Debian(path) ?? Red(path) : null;

    private PackageOwner? Debian(string path)
    {
        foreach (string name in Names(path))
        {
            // "coreutils: /usr/bin/sleep", "libc6:amd64: /lib/...", "one, other: /shared"; lines about diversions have blanks in the name
            string found = (Run(DpkgQuery, "-S", "--", name) ?? "").Split('\n').FirstOrDefault(l => l.EndsWith($": {name}", StringComparison.Ordinal)) ?? "";
            string package = found.Length > 0 ? found[..^(name.Length + 2)].Split(", ")[0] : "";
            if (package.Length > 0 && !package.Contains(' ', StringComparison.Ordinal))
            {
                return new PackageOwner(package.Split(':')[0], (Run(DpkgQuery, "-W", "-f", "${Version}", "--", package) ?? "").Trim(), HasSum(package, name));
            }
        }

        return null;
    }

    /// <summary>Since /bin is a link to /usr/bin a package may know its file by either name.</summary>
    private static IEnumerable<string> Names(string path) => [path, path.StartsWith("/usr/", StringComparison.Ordinal) ? path["/usr".Length..] : $"/usr{path}"];

    [SuppressMessage("Security", "CA5351", Justification = "It is what Debian keeps; nothing is decided by it.")]
    private bool? HasSum(string package, string path)
    {
        try
        {
            string[] lists = [Path.Combine(Info, $"{package}.md5sums"), Path.Combine(Info, $"{package.Split(':')[0]}.md5sums")];
            string end = $"  {path[1..]}"; // 32 digits, two blanks, the path without its first slash
            string? line = lists.Where(File.Exists).SelectMany(File.ReadLines).FirstOrDefault(l => l.Length == 32 + end.Length && l.EndsWith(end, StringComparison.Ordinal));
            if (line is null)
            {
                return null;
            }

            using FileStream file = File.OpenRead(path);
            return Convert.ToHexStringLower(MD5.HashData(file)) == line[..32];
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>rpm -V has a line for each file that is not as it was: nine marks, the third of them 5 where the content differs, or "missing"; then the path.</summary>
    private PackageOwner? Red(string path)
    {
        if ((Run(Rpm, "-qf", "--qf", "%{NAME}\t%{VERSION}-%{RELEASE}\n", "--", path) ?? "").Split('\n')[0].Split('\t') is not [string name, string version])
        {
            return null;
        }

        string? differences = Run(Rpm, "-V", "--nodeps", "--noscript", "--", name);
        string line = (differences ?? "").Split('\n').FirstOrDefault(l => l.EndsWith($" {path}", StringComparison.Ordinal)) ?? "";
        bool differs = line.StartsWith("missing", StringComparison.Ordinal) || (line.Length > 2 && line[2] != '.');
        return new PackageOwner(name, version, differences is null ? null : !differs);
    }

    /// <summary>What a tool writes, whatever it ends with; null when it is not there, does not start or does not end in time, and then it is ended.</summary>
    private string? Run(string tool, params string[] arguments)
    {
        if (!File.Exists(tool))
        {
            return null;
        }

        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(Patience);
            process.StandardInput.Close();
            Task<string> said = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> complaints = process.StandardError.ReadToEndAsync(patience.Token);
            return Await(process, Task.WhenAll(said, complaints)) ? said.Result : null;
        }
        catch (Exception failed) when (failed is Win32Exception or IOException)
        {
            return null;
        }
    }

    private static bool Await(Process process, Task ended)
    {
        try
        {
            ended.GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return false;
        }
    }
}

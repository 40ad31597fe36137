using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Tests.Architecture;
using Xunit;

namespace SecureVault.Tests.Format;

/// <summary>The Python reader, written from FORMAT.md, reads what the Format room writes.</summary>
public sealed class SecondReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("securevault-reader-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [SkippableFact]
    public void It_reads_the_golden_vectors()
    {
        string[] vectors = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "vectors"), "format-*.txt");
        (int exit, string output, string error) = Reader(["vectors", .. vectors]);
        Assert.True(exit == 0, output + error);
        Assert.EndsWith(" passed, 0 failed\n", output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(CipherSuite.Aes256Gcm)]
    [InlineData(CipherSuite.Sm4Gcm)]
    public void It_reads_a_vault_written_here(CipherSuite suite)
    {
        using SampleVault vault = SampleVault.Write(Path.Combine(_folder, "vault"), suite, "correct horse");
        string passphrase = Path.Combine(_folder, "passphrase");
        File.WriteAllText(passphrase, "correct horse\n");

        (int exit, string output, string error) = Reader(vault.Folder, passphrase, "list");
        Assert.True(exit == 0, error);
        string[] expected = [.. vault.Files.Select(file => $"{file.Value.Length,-11} {file.Key} [{(file.Key.Contains("plan", StringComparison.Ordinal) ? "finance:secret" : "-")}]"), "folder      /papers/", "link        /shortcut -> papers/plan.txt"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

        foreach ((string path, byte[] content) in vault.Files.Where(file => file.Value.Length > 4096))
        {
            (exit, output, error) = Reader(vault.Folder, passphrase, "cat", path);
            Assert.True(exit == 0, error);
            Assert.Equal(Encoding.Latin1.GetString(content), output);
        }

        (exit, output, error) = Reader(vault.Folder, passphrase, "verify");
        Assert.True(exit == 0, output + error);
        Assert.Equal($"audit log: 3 frames whole\n{vault.Files.Count + 2} entries, 0 damaged\n", output);

        vault.FlipLastByteOf("plan.txt");
        (exit, output, _) = Reader(vault.Folder, passphrase, "verify");
        Assert.Equal(4, exit);
        Assert.Contains("damaged: /papers/plan.txt", output, StringComparison.Ordinal);

        File.WriteAllText(passphrase, "wrong");
        Assert.Equal(3, Reader(vault.Folder, passphrase, "list").Exit);
    }

    private static (int Exit, string Output, string Error) Reader(params string[] arguments)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        bool missing = !path.Any(folder => File.Exists(Path.Combine(folder, "python3")));
        Assert.False(missing && Environment.GetEnvironmentVariable("SECUREVAULT_REQUIRE") == "all", "python3 is not installed, and SECUREVAULT_REQUIRE=all");
        Skip.If(missing, "python3 is not installed");

        string script = Path.Combine(Repository.Root, "tests", "reader", "read_vault.py");
        var start = new ProcessStartInfo("python3", ["-B", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}

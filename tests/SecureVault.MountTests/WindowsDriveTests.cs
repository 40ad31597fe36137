using System;
using System.Globalization;
using System.IO;
using System.Linq;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>Files of a Linux drive under the Windows program (under Wine), and what mount says there.</summary>
[Collection(OneWindows.Name)]
public sealed class WindowsDriveTests(WindowsProgram windows)
{
    /// <summary>As Linux takes them and Windows does not, besides what any system does.</summary>
    private static readonly string[] Names =
        ["plain", "\u4e2d\u6587\u6587\u4ef6.txt", new string('n', 255), "a:b", "dot.", "space ", "CON", "back\\slash", "\"quoted\"?*<>|", "UPPER", "upper", "tab\tin it"];

    [SkippableTheory]
    [InlineData("aes-256-gcm")]
    [InlineData("sm4-gcm")]
    public void Files_written_on_a_Linux_drive_are_verified_and_relabelled_on_Windows_and_read_again_on_Linux(string suite)
    {
        Require.Mounts();
        using var drive = new Drive(suite);
        using var alice = new Actor(Drive.Alice);
        foreach (string name in Names)
        {
            Assert.StartsWith("ok ", alice.Write($"{drive.Payroll}/{name}", $"content of {name}"), StringComparison.Ordinal);
        }

        Assert.StartsWith("ok ", alice.Write(drive.Open + "/big", new string('b', 300_000)), StringComparison.Ordinal);
        drive.Unmount();
        string vault = WindowsProgram.Path(drive.Vault);
        string verified = windows.Done("verify", vault, "--json");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"files\": {Names.Length + 1}"), verified, StringComparison.Ordinal);
        Assert.Equal(Programs.Done("verify", drive.Vault, "--json"), verified);
        Assert.Contains("finance:secret", windows.Done("label", "show", vault, "/Payroll/\u4e2d\u6587\u6587\u4ef6.txt"), StringComparison.Ordinal);
        Assert.Contains("finance:secret", windows.Done("label", "show", vault, "/Payroll/a:b"), StringComparison.Ordinal);

        windows.Done("user", "grant", vault, "alice", "engineering:internal");
        windows.Done("label", "set", vault, "/Payroll", "engineering:internal");
        windows.Done("label", "set", vault, "/Open", "finance:secret");
        windows.Done("verify", vault);
        windows.Done("audit", "verify", vault);
        Programs.Done("verify", drive.Vault);

        drive.Mount();
        foreach (string name in Names)
        {
            Assert.Equal($"content of {name}", alice.Read($"{drive.Payroll}/{name}"));
        }

        Assert.Equal(new string('b', 300_000), alice.Read(drive.Open + "/big"));
        using var bob = new Actor(Drive.Bob);
        Assert.Equal("EACCES", bob.Read(drive.Payroll + "/plain")); // granted finance:secret, which the folder was
        Assert.StartsWith("b", bob.Read(drive.Open + "/big"), StringComparison.Ordinal);
        drive.Unmount();
        Programs.Done("audit", "verify", drive.Vault);
    }

    [SkippableFact]
    public void A_forged_bit_is_found_and_named_on_Windows_too()
    {
        Require.Mounts();
        using var drive = new Drive();
        using var alice = new Actor(Drive.Alice);
        string stored = drive.StoredFilesMadeBy(() => alice.Write(drive.Payroll + "/forged", "content")).Single();
        drive.Unmount();
        byte[] bytes = File.ReadAllBytes(stored);
        bytes[^1] ^= 1;
        File.WriteAllBytes(stored, bytes);
        Ended ended = windows.Securevault("verify", WindowsProgram.Path(drive.Vault));
        Assert.Equal(4, ended.ExitCode);
        Assert.Contains("/Payroll/forged", ended.Output + ended.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Mount_names_what_is_missing_taken_or_no_drive_letter()
    {
        using var drive = new Drive(mounted: false, people: false);
        string vault = WindowsProgram.Path(drive.Vault);
        Refused("install Dokany 2.3", windows.Securevault("mount", vault));
        Refused("install Dokany 2.3", windows.Securevault("mount", vault, "x:\\"));
        Refused("Z: is taken", windows.Securevault("mount", vault, "Z:"));
        Refused("C: is taken", windows.Securevault("mount", vault, "c:", "--foreground"));
        Refused("not a drive letter", windows.Securevault("mount", vault, @"C:\mount\here"));
        Refused("no drive of yours", windows.Securevault("unmount", "Y:"));
        Refused("no drive of yours", windows.Securevault("unmount", "nowhere"));
        Assert.Equal("No drive is mounted.\n", windows.Done("status"));
        Assert.Equal("[]\n", windows.Done("status", "--json"));
        windows.Done("verify", vault);
    }

    [SkippableTheory]
    [InlineData(141, 400, "1.4.1 is too old")]
    [InlineData(231, 0, "driver does not answer")]
    [InlineData(231, 400, "no Dokan support")]
    public void The_driver_is_asked_for_its_version(int library, int driver, string answer)
    {
        Require.Tool("x86_64-w64-mingw32-gcc");
        using var drive = new Drive(mounted: false, people: false);
        windows.Done("status");
        string dll = windows.Folder + "/dokan2.dll", source = drive.Folder + "/dokan2.c";
        File.WriteAllText(source, string.Create(CultureInfo.InvariantCulture, $"__declspec(dllexport) unsigned DokanVersion(void) {{ return {library}; }}\n__declspec(dllexport) unsigned DokanDriverVersion(void) {{ return {driver}; }}\n"));
        try
        {
            Ended built = Programs.Shell($"x86_64-w64-mingw32-gcc -shared -o '{dll}' '{source}'");
            Assert.True(built.ExitCode == 0, built.Error);
            Refused(answer, windows.Securevault("mount", WindowsProgram.Path(drive.Vault), "X:"));
        }
        finally
        {
            File.Delete(dll);
        }
    }

    [SkippableTheory]
    [InlineData]
    [InlineData("--hardened")]
    public void Windows_keeps_the_machines_contract(params string[] how)
    {
        Ended ended = windows.Probe(how);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        Assert.Contains("ok A_drive_answers_status", ended.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_program_speaks_UTF_8_and_teaches_by_example()
    {
        Assert.Contains("securevault mount", windows.Done("mount", "--help"), StringComparison.Ordinal);
        Assert.Contains("win-x64", windows.Done("version"), StringComparison.Ordinal);
        using var drive = new Drive(mounted: false, people: false);
        Assert.Contains("\u673a\u5bc6", windows.Done("level", "list", WindowsProgram.Path(drive.Vault)), StringComparison.Ordinal);
        Ended misused = windows.Securevault("nonsense");
        Assert.Equal(2, misused.ExitCode);
        Assert.Single(misused.Error.TrimEnd().Split('\n'));
    }

    [SkippableFact]
    public void The_tour_says_what_it_cannot_show_here_and_shows_the_rest()
    {
        string shown = windows.Done("demo");
        Assert.Contains("on Linux alone", shown, StringComparison.Ordinal);
        Assert.Contains("securevault verify vault", shown, StringComparison.Ordinal);
        Assert.Contains("nothing is left", shown, StringComparison.Ordinal);
    }

    private static void Refused(string word, Ended ended)
    {
        Assert.True(ended.ExitCode == 1, string.Create(CultureInfo.InvariantCulture, $"exit {ended.ExitCode}: {ended.Output}{ended.Error}"));
        Assert.Contains(word, ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
    }
}

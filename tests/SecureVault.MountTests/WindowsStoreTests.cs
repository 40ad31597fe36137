using System;
using System.Linq;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The store of a Windows machine and the engine over it, under Wine.</summary>
[Collection(OneWindows.Name)]
public sealed class WindowsStoreTests(WindowsProgram windows)
{
    [SkippableFact]
    public void Store_and_engine_do_on_Windows_what_they_do_on_Linux()
    {
        Ended ended = windows.StoreProbe();
        string[] lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([], lines.Where(line => !line.StartsWith("ok ", StringComparison.Ordinal)));
        Assert.True(ended.ExitCode == 0, $"exit {ended.ExitCode}\n{ended.Error}");
        Assert.Contains("ok An_open_file_is_replaced_and_removed_and_still_read", lines);
        Assert.Contains("ok A_label_is_set_and_the_folder_keeps_it", lines);
        Assert.True(lines.Length >= 29, $"only {lines.Length} cases ran");
    }
}

using System;
using System.Diagnostics;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

public sealed class UnseenObjectsTests
{
    [Fact]
    public void A_folder_that_holds_a_pipe_takes_no_label_until_it_is_gone()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        TempVault.AddDepartments(vault, "finance");
        var builder = new TreeBuilder(vault);
        builder.Folder("/Payroll");
        builder.Folder("/Payroll/below");
        string stored = builder.Stored("/Payroll/below/pipe", out _);
        using (Process mkfifo = Process.Start("mkfifo", [stored]))
        {
            mkfifo.WaitForExit();
        }

        VaultResult refused = new VaultLabels(vault).Set("/Payroll", "finance:secret", null, null);
        Assert.Equal(VaultError.Failed, refused.Error);
        Assert.Contains("/Payroll/below/pipe is a pipe", refused.Message, StringComparison.Ordinal);
        Assert.Null(new VaultLabels(vault).PendingJob);
        System.IO.File.Delete(stored);
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/Payroll", "finance:secret", null, null));
    }
}

using System.Linq;
using SecureVault.Service.Kernels;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class ProgramNamesTests
{
    [Theory]
    [InlineData(@"C:\Program Files\Office\WINWORD.EXE", "WINWORD.EXE (812)")]
    [InlineData("/usr/bin/vim", "vim (812)")]
    [InlineData("bash", "bash (812)")]
    [InlineData("", "a process (812)")]
    public void A_program_is_called_by_its_name_and_its_process(string program, string told) => Assert.Equal(told, ProgramNames.Of(program, 812));

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "1")]
    [InlineData(5, "1, 2, 3, 4, 5")]
    [InlineData(7, "1, 2, 3, 4, 5 and 2 more")]
    public void At_most_five_are_named(int count, string told) => Assert.Equal(told, ProgramNames.Join([.. Enumerable.Range(1, count).Select(i => $"{i}")]));
}

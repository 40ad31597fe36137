using System;
using SecureVault.Cli.Output;
namespace SecureVault.Cli.Demo;
internal sealed class Tour(Terminal terminal, TimeProvider clock, bool keep)
{
    public int Run() => keep ? 0 : clock is null ? 1 : terminal is null ? 2 : 3;
}

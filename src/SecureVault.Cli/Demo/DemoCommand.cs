using System.CommandLine;
using SecureVault.Cli.Commands;
using SecureVault.Cli.Output;

namespace SecureVault.Cli.Demo;

/// <summary>demo: the guided tour.</summary>
internal static class DemoCommand
{
    public static Command Build(Terminal terminal)
    {
        var keep = new Option<bool>("--keep") { Description = "Leave the drive mounted to play with; the last lines say how to end it." };
        var command = new TaughtCommand(
            "demo",
            "The guided tour: a vault of its own, real files, real users, a forged byte, the audit log. Leaves nothing behind. Run it as root to see all.",
            "demo",
            "demo --keep") { keep };
        command.SetAction(parse =>
        {
            using var tour = new Tour(terminal, parse.GetValue(keep));
            return tour.Run();
        });
        return command;
    }
}

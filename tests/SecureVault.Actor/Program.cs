using System;
using System.Globalization;
using System.Text;

namespace SecureVault.Actor;

/// <summary>
/// A process that becomes one user and then does what it is told, one line a request, one line an answer: "ok [text]" or "ERRNO".
/// actor UID GID; a line is the operation and its arguments, each in base64, separated by spaces.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        uint uid = uint.Parse(arguments[0], CultureInfo.InvariantCulture);
        uint gid = uint.Parse(arguments[1], CultureInfo.InvariantCulture);
        if (LibC.setgroups(0, 0) != 0 || LibC.setresgid(gid, gid, gid) != 0 || LibC.setresuid(uid, uid, uid) != 0)
        {
            Console.WriteLine("cannot become that user");
            return 1;
        }

        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            var operands = new string[words.Length - 1];
            for (int i = 0; i < operands.Length; i++)
            {
                operands[i] = Encoding.Latin1.GetString(Convert.FromBase64String(words[i + 1]));
            }

            Console.WriteLine(Answer(words[0], operands));
        }

        return 0;
    }

    private static string Answer(string operation, string[] operands)
    {
        try
        {
            return Operations.Do(operation, operands);
        }
        catch (ErrnoException e)
        {
            return Errno.Name(e.Number);
        }
    }
}

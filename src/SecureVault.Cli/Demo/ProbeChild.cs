using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using SecureVault.Cli.Demo.Native;
using SecureVault.Cli.Output;

namespace SecureVault.Cli.Demo;

/// <summary>
/// The process that becomes another user for good and opens files as that user. Everything it needs is loaded before, since the user may have no access to the
/// program's own folder.
/// </summary>
internal static unsafe class ProbeChild
{
    /// <summary>Reads paths from standard input, one a line, and answers "READ WRITE HEX" for each.</summary>
    public const string Look = "look";

    /// <summary>Opens one path and holds it: for each line of standard input it reads the first bytes anew and answers the error's number.</summary>
    public const string Hold = "hold";

    /// <summary>Becomes a program that is given the path.</summary>
    public const string Execute = "execute";

    private const int ReadOnly = 0, WriteOnly = 1, CloseOnExec = 0x80000, StartLength = 48;

    /// <param name="task">One of the above.</param>
    /// <param name="more">Hold: the path. Execute: the program and the path.</param>
    public static int Run(string task, uint uid, string[] more)
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        using var text = new StreamReader(input, Encoding.UTF8);
        string[] paths = task == Look ? text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        _ = Line(Try("/dev/null"));
        if (uid != Libc.geteuid() && (Libc.setgroups(0, null) != 0 || Libc.setresgid(uid, uid, uid) != 0 || Libc.setresuid(uid, uid, uid) != 0))
        {
            Console.Error.WriteLine($"cannot become user {uid}: {Marshal.GetLastPInvokeErrorMessage()}");
            return ExitCodes.NotPermitted;
        }

        switch (task)
        {
            case Hold:
                Held(more[0], text, output);
                break;
            case Execute:
                return Become(more[0], more[1]);
            default:
                Array.ForEach(paths, path => output.Write(Line(Try(path))));
                break;
        }

        return ExitCodes.Done;
    }

    private static void Held(string path, StreamReader asked, Stream output)
    {
        int descriptor = Libc.open(path, ReadOnly | CloseOnExec);
        int error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        byte* buffer = stackalloc byte[StartLength];
        while (asked.ReadLine() is not null)
        {
            int found = error != 0 ? error : Libc.pread(descriptor, buffer, StartLength, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{found}\n")));
            output.Flush();
        }
    }

    private static int Become(string program, string path)
    {
        byte** arguments = stackalloc byte*[] { (byte*)Marshal.StringToCoTaskMemUTF8(program), (byte*)Marshal.StringToCoTaskMemUTF8(path), null };
        byte** environment = stackalloc byte*[] { (byte*)Marshal.StringToCoTaskMemUTF8("LC_ALL=C"), null };
        _ = Libc.execve(arguments[0], arguments, environment);
        Console.Error.WriteLine($"{program}: {Marshal.GetLastPInvokeErrorMessage()}");
        return ExitCodes.Failed;
    }

    private static byte[] Line(ProbeAnswer answer) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{answer.ReadError} {answer.WriteError} {Convert.ToHexString(answer.Start)}\n"));

    private static ProbeAnswer Try(string path)
    {
        byte[] start = [];
        int readError = 0;
        int descriptor = Libc.open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            readError = Marshal.GetLastPInvokeError();
        }
        else
        {
            byte* buffer = stackalloc byte[StartLength];
            nint length = Libc.read(descriptor, buffer, StartLength);
            readError = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            start = length > 0 ? new Span<byte>(buffer, (int)length).ToArray() : [];
            _ = Libc.close(descriptor);
        }

        descriptor = Libc.open(path, WriteOnly | CloseOnExec);
        int writeError = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor >= 0)
        {
            _ = Libc.close(descriptor);
        }

        return new ProbeAnswer(readError, writeError, start);
    }
}

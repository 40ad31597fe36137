namespace SecureVault.Service.Programs;

/// <summary>Where on its command line an interpreter is told its script.</summary>
internal enum ScriptPlace
{
    /// <summary>Nowhere that can be relied on.</summary>
    Nowhere,

    /// <summary>The first argument that is no option.</summary>
    First,

    /// <summary>The one after -f, which is the first.</summary>
    AfterF,

    /// <summary>The one after -jar, which is the first.</summary>
    AfterJar,

    /// <summary>By the applet's rules, which the name it is called by or its first argument says.</summary>
    Applet,
}

/// <summary>A family of programs that run what they are given.</summary>
/// <param name="Names">Spaced; a program's name up to its version.</param>
/// <param name="Letters">Options of one letter that change nothing of what runs.</param>
/// <param name="Words">Spaced long options of that kind.</param>
/// <param name="Variables">Spaced beginnings of variables of the environment that make it run or load something else.</param>
internal sealed record Interpreter(string Names, ScriptPlace Place, string Letters = "", string Words = "", string Variables = "");

using System;
using System.IO;
using SecureVault.Service.Configuration;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Service;

[Collection(TheEnvironment.Name)]
public sealed class ServiceConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        foreach (string name in new[] { "SECUREVAULT_LOG__LEVEL", "SECUREVAULT_THREADS", "SECUREVAULT_PASSPHRASE", "SECUREVAULT_STATEFOLDER" })
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        _folder.Dispose();
    }

    [Fact]
    public void The_file_is_overridden_by_the_environment_and_that_by_the_command_line()
    {
        string file = Settings("""{ "log": { "level": "debug", "folder": "/a" }, "threads": 2, "stateFolder": "/b" }""");
        Environment.SetEnvironmentVariable("SECUREVAULT_LOG__LEVEL", "warning");
        Environment.SetEnvironmentVariable("SECUREVAULT_THREADS", "3");

        Assert.True(ServiceConfiguration.Load(file, ["threads=4"], out ServiceOptions options).IsOk);
        Assert.Equal("/a", options.LogFolder);
        Assert.Equal("/b", options.StateFolder);
        Assert.Equal("warning", options.LogLevel);
        Assert.Equal(4, options.Threads);
    }

    [Fact]
    public void Nested_settings_are_spelled_with_a_dot_or_a_colon_on_the_command_line()
    {
        Assert.True(ServiceConfiguration.Load(Settings("{}"), ["log.level=Error", "log:folder="], out ServiceOptions options).IsOk);
        Assert.Equal("error", options.LogLevel);
        Assert.Empty(options.LogFolder);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{ "mountManager": true }""", true)]
    public void The_mount_manager_is_asked_only_when_the_settings_say_so(string json, bool asked)
    {
        Assert.True(ServiceConfiguration.Load(Settings(json), [], out ServiceOptions options).IsOk);
        Assert.Equal(asked, options.MountManager);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{ "accessLists": true }""", true)]
    public void Access_lists_are_offered_only_when_the_settings_say_so(string json, bool offered)
    {
        Assert.True(ServiceConfiguration.Load(Settings(json), [], out ServiceOptions options).IsOk);
        Assert.Equal(offered, options.AccessLists);
    }

    [Fact]
    public void The_passphrase_variable_never_becomes_a_setting()
    {
        Environment.SetEnvironmentVariable("SECUREVAULT_PASSPHRASE", "correct horse");
        Environment.SetEnvironmentVariable("SECUREVAULT_THREADS", "3");
        Assert.True(ServiceConfiguration.Load(Settings("{}"), [], out ServiceOptions options).IsOk);
        Assert.Equal("3", options.Source!["THREADS"]);
        Assert.Null(options.Source!["passphrase"]);
    }

    [Theory]
    [InlineData("""{ "threads": 65 }""", "threads")]
    [InlineData("""{ "threads": 1.5 }""", "threads")]
    [InlineData("""{ "threads": "many" }""", "threads")]
    [InlineData("""{ "entryTimeout": -1 }""", "entryTimeout")]
    [InlineData("""{ "mountManager": "perhaps" }""", "mountManager")]
    [InlineData("""{ "accessLists": "perhaps" }""", "accessLists")]
    [InlineData("""{ "log": { "level": "loud" } }""", "log:level")]
    [InlineData("""{ "stateFolder": "here" }""", "stateFolder")]
    [InlineData("""{ "threads": """, "settings.json")]
    public void A_bad_value_is_refused_and_named(string json, string named)
    {
        VaultResult result = ServiceConfiguration.Load(Settings(json), [], out _);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains(named, result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "log": { "levle": "debug" } }""", "'log:levle' is not a setting; did you mean log:level?")]
    [InlineData("""{ "lgo": { "level": "debug" } }""", "did you mean log:level?")]
    [InlineData("""{ "lgo": {} }""", "'lgo' is not a setting")]
    [InlineData("""{ "entrytimeuot": 3 }""", "did you mean entryTimeout?")]
    [InlineData("""{ "log.level": "debug" }""", "in a file it is { \"log\": { \"level\": ... } }")]
    [InlineData("""{ "passphrase": "x" }""", "'passphrase' is not a setting; there is log:level")]
    public void A_mistyped_key_of_the_file_is_refused_and_the_nearest_named(string json, string says)
    {
        VaultResult result = ServiceConfiguration.Load(Settings(json), [], out _);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains("settings.json", result.Message, StringComparison.Ordinal);
        Assert.Contains(says, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_any_case_and_sections_of_the_log_are_settings()
    {
        Assert.True(ServiceConfiguration.Load(Settings("""{ "LOG": { "Level": "debug" }, "Serilog": { "MinimumLevel": { "Default": "Debug" } }, "runFolder": "/r" }"""), [], out ServiceOptions options).IsOk);
        Assert.Equal(("debug", "/r"), (options.LogLevel, options.RunFolder));
    }

    [Theory]
    [InlineData("SECUREVAULT_LOG_LEVEL", "SECUREVAULT_LOG__LEVEL")]
    [InlineData("SECUREVAULT_STATEFODLER", "SECUREVAULT_STATEFOLDER")]
    [InlineData("SECUREVAULT_REQUIRE", "")]
    public void A_mistyped_variable_is_refused_and_a_strangers_is_not(string name, string meant)
    {
        string? before = Environment.GetEnvironmentVariable(name);
        try
        {
            Environment.SetEnvironmentVariable(name, "/x");
            VaultResult result = ServiceConfiguration.Load(Settings("{}"), [], out _);
            Assert.Equal(meant.Length == 0, result.IsOk);
            Assert.Contains(meant, result.Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, before);
        }
    }

    [Theory]
    [InlineData("thread=4")]
    [InlineData("threads")]
    [InlineData("passphrase=x")]
    public void An_unknown_override_is_a_usage_error_that_lists_the_settings(string text)
    {
        VaultResult result = ServiceConfiguration.Load(Settings("{}"), [text], out _);
        Assert.Equal(VaultError.Usage, result.Error);
        Assert.Contains("threads", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_named_must_exist() =>
        Assert.Equal(VaultError.Failed, ServiceConfiguration.Load(_folder["missing.json"], [], out _).Error);

    private string Settings(string json)
    {
        string file = _folder["settings.json"];
        File.WriteAllText(file, json);
        return file;
    }
}

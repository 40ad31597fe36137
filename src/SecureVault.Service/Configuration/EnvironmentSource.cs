using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace SecureVault.Service.Configuration;

/// <summary>SECUREVAULT_* variables (SECUREVAULT_LOG__LEVEL is log:level), without the passphrase: it never becomes a setting.</summary>
internal sealed class EnvironmentSource : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider();

    private sealed class Provider() : EnvironmentVariablesConfigurationProvider(SettingKeys.Prefix)
    {
        public override void Load()
        {
            base.Load();
            Data.Remove("PASSPHRASE");
        }
    }
}

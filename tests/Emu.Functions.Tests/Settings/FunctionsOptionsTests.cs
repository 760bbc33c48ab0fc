using Emu.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace Emu.Functions.Tests.Settings;

public sealed class FunctionsOptionsTests
{
    private const string Key = "ZW11bGF0b3Itb25seSwgdGhpcyBpcyBubyBzZWNyZXQ=";

    [Fact]
    public void Read_OfTheLeast_UsesDurableFunctionsAndDoesEverything()
    {
        var options = Read(new());

        Assert.Equal(("UseDevelopmentStorage=true", Key, (string?)null, "local"), (options.Storage, options.SecretsKey, options.ApiKey, options.JobOwner));
        Assert.True(options.RunsModels);
        Assert.False(options.UsesAzureStorageEngine);
        Assert.Null(options.Access.PublicUrl);
    }

    [Fact]
    public void Read_OfEverySetting_TakesThem()
    {
        var options = Read(new()
        {
            [SettingNames.ApiKey] = "emu_0123456789abcdef0123456789abcdef",
            [SettingNames.Owner] = "team",
            [SettingNames.Engine] = "azure-storage",
            [SettingNames.Stages] = "light",
            [SettingNames.PublicUrl] = "https://example.com/emu",
        });

        Assert.Equal(("emu_0123456789abcdef0123456789abcdef", "team"), (options.ApiKey, options.JobOwner));
        Assert.False(options.RunsModels);
        Assert.True(options.UsesAzureStorageEngine);
        Assert.Equal("https://example.com/emu", options.Access.PublicUrl!.AbsoluteUri);
    }

    [Theory]
    [InlineData(SettingNames.Storage, "")]
    [InlineData(SettingNames.SecretsKey, null)]
    [InlineData(SettingNames.ApiKey, "secret")]
    [InlineData(SettingNames.ApiKey, "emu_with a blank in it, but long enough")]
    [InlineData(SettingNames.Owner, "Not A Name")]
    [InlineData(SettingNames.Engine, "scheduler")]
    [InlineData(SettingNames.Stages, "none")]
    [InlineData(SettingNames.PublicUrl, "example.com")]
    public void Read_OfAWrongValue_NamesTheSettingAndSaysWhatIsAccepted(string name, string? value)
    {
        var exception = Assert.Throws<SettingException>(() => Read(new() { [name] = value }));

        Assert.Equal(name, exception.Name);
        Assert.StartsWith($"The setting {name} ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(SettingNames.All.Single(setting => setting.Name == name).Meaning, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAnApiKeyThatIsWrong_DoesNotTellTheKey()
    {
        var exception = Assert.Throws<SettingException>(() => Read(new() { [SettingNames.ApiKey] = "hunter2" }));

        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
    }

    private static FunctionsOptions Read(Dictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?> { [SettingNames.Storage] = "UseDevelopmentStorage=true", [SettingNames.SecretsKey] = Key };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return FunctionsOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), isDevelopment: false);
    }
}

using Azure.Storage.Blobs;
using Emu.Api.Authentication;
using Emu.Api.Errors;
using Emu.Conformance.Azurite;
using Emu.Functions.Hosting;
using Emu.Functions.Settings;
using Emu.Generation;
using Emu.Generation.Models;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

[assembly: AssemblyFixture(typeof(AzuriteServer))]

namespace Emu.Functions.Tests.Hosting;

// One account's containers: one test after the other, each from nothing.
[Collection("storage")]
public sealed class FunctionsHostTests(AzuriteServer azurite) : IAsyncLifetime
{
    private const string Secret = "emu_0123456789abcdef0123456789abcdef";
    private const string Key = "ZW11bGF0b3Itb25seSwgdGhpcyBpcyBubyBzZWNyZXQ=";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var container in new[] { "emu", "emu-private", "uploads", "edits", "outputs" })
        {
            await new BlobContainerClient(azurite.Connection, container).DeleteIfExistsAsync(cancellationToken: Token);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Start_OnTheInternetWithoutKeys_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<SettingException>(() => StartAsync(Options()));

        Assert.Equal(SettingNames.ApiKey, exception.Name);
        Assert.Contains("no API key was ever made", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAFirstKey_StoresItOnceAndForItsOwner()
    {
        await using (var first = await StartAsync(Options() with { ApiKey = Secret, JobOwner = "team" }))
        {
            var key = Assert.Single(await first.GetRequiredService<IApiKeys>().ListAsync(Token));
            Assert.Equal(("team", ApiKeySecret.Hash(Secret), Secret[^4..]), (key.Owner, key.Hash, key.Hint));
        }

        // Another one is not taken: what was given out or revoked since stays so.
        await using var second = await StartAsync(Options() with { ApiKey = "emu_ffffffffffffffffffffffffffffffff" });
        Assert.Equal(ApiKeySecret.Hash(Secret), Assert.Single(await second.GetRequiredService<IApiKeys>().ListAsync(Token)).Hash);
    }

    [Fact]
    public async Task Keys_ThatVanishWhileItRuns_CloseTheServer()
    {
        await using var app = await StartAsync(Options() with { ApiKey = Secret });
        await new BlobContainerClient(azurite.Connection, "emu-private").GetBlobClient("keys.json").DeleteAsync(cancellationToken: Token);

        var exception = await Assert.ThrowsAsync<ApiException>(async () => await app.GetRequiredService<IApiKeys>().ListAsync(Token));

        Assert.Equal((503, "no_api_keys"), (exception.StatusCode, exception.Code));
    }

    [Fact]
    public async Task Start_OnADevelopersMachine_NeedsNoKey()
    {
        await using var app = await StartAsync(Options() with { IsDevelopment = true });

        Assert.Empty(await app.GetRequiredService<IApiKeys>().ListAsync(Token));
    }

    [Fact]
    public async Task Start_WithAnotherSecretsKey_IsRefused()
    {
        await (await StartAsync(Options() with { ApiKey = Secret })).DisposeAsync();

        var exception = await Assert.ThrowsAsync<SettingException>(() => StartAsync(Options() with { SecretsKey = Convert.ToBase64String(new byte[32]) }));

        Assert.Equal(SettingNames.SecretsKey, exception.Name);
    }

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("no Base64")]
    public async Task Start_WithNoKeyOf32Bytes_IsRefused(string key)
    {
        var exception = await Assert.ThrowsAsync<SettingException>(() => StartAsync(Options() with { SecretsKey = key }));

        Assert.Equal(SettingNames.SecretsKey, exception.Name);
    }

    [Fact]
    public async Task Start_WithAStorageThatIsNone_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<SettingException>(() => StartAsync(Options() with { Storage = "nonsense" }));

        Assert.Equal(SettingNames.Storage, exception.Name);
    }

    [Fact]
    public async Task Models_OfTheApp_AndTheOneThatFindsSubjects_AreLookedForInTheSameFolders()
    {
        await using var app = await StartAsync(Options() with { IsDevelopment = true, RunsModels = true });

        Assert.Equal(ModelFolders.SearchFolders(), app.GetRequiredService<GenerationOptions>().MaskFolders);
    }

    [Fact]
    public async Task Services_OfTheApp_TakeLongBodiesAndRunNoUpkeepInTheBackground()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        await services.AddEmuFunctionsAsync(Options() with { IsDevelopment = true }, Token);
        await using var app = services.BuildServiceProvider();

        Assert.Equal(32L << 20, app.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize);
        Assert.DoesNotContain(services, service => service.ImplementationType?.Name.Contains("Upkeep", StringComparison.Ordinal) == true && service.ServiceType == typeof(IHostedService));
    }

    [Fact]
    public async Task Worker_OfTheHost_StartsLast()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.ConfigureFunctionsWebApplication();
        await builder.Services.AddEmuFunctionsAsync(Options() with { IsDevelopment = true }, Token);

        var hosted = builder.Services.Where(service => service.ServiceType == typeof(IHostedService)).ToList();

        Assert.Equal("WorkerHostedService", hosted[^1].ImplementationType!.Name);
        Assert.Single(hosted, service => service.ImplementationType?.Name == "WorkerHostedService");
    }

    private FunctionsOptions Options() => new() { Storage = azurite.Connection, SecretsKey = Key, RunsModels = false };

    private static async Task<ServiceProvider> StartAsync(FunctionsOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        await services.AddEmuFunctionsAsync(options, Token);
        return services.BuildServiceProvider();
    }
}

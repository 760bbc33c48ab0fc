using System.Text.Json;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Emu.Pipeline.Tests.Webhooks;

public sealed class WebhookServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Private => Path.Combine(_folder.Path, "private");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AddEmuWebhooks_EventPublished_IsDelivered()
    {
        await using var receiver = await Receiver.StartAsync(_ => { });
        using var host = CreateHost();
        await host.StartAsync(Token);

        await PublishAsync(host, receiver.Url);

        await TestHost.WaitUntilAsync(async () => (await DeliveriesAsync(host)).Single().State == WebhookDeliveryState.Delivered);
        Assert.Single(receiver.Requests);
        Assert.IsType<WebhookJobEndListener>(host.Services.GetRequiredService<IJobEndListener>());
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task AddEmuWebhooks_PrivateFolder_IsItsOwnersOnlyAndFreedWithTheHost()
    {
        using (var host = CreateHost())
        {
            Assert.False(Directory.Exists(Private));
            await host.StartAsync(Token);

            Assert.Throws<FolderInUseException>(() => FolderArtifactStore.OpenOwned(Private));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Private));
            }

            await host.StopAsync(Token);
        }

        FolderArtifactStore.OpenOwned(Private).Dispose();
    }

    [Fact]
    public async Task AddEmuWebhooks_HostWithAnArtifactStore_LeavesThatStoreAsItIs()
    {
        await using var connection = await ArtifactStoreConnection.OpenAsync(new ArtifactStoreOptions { Folder = Path.Combine(_folder.Path, "store") }, Token);
        await using var receiver = await Receiver.StartAsync(_ => { });
        using var host = CreateHost(services => services.AddArtifactStore(connection));
        await host.StartAsync(Token);

        await PublishAsync(host, receiver.Url);

        Assert.Same(connection.Store, Assert.Single(host.Services.GetServices<IArtifactStore>()));
        Assert.Equal(0, await connection.Store.CountAsync("", 1, Token));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task AddEmuWebhooks_OldDelivery_IsRemovedAtTheStart()
    {
        await using var receiver = await Receiver.StartAsync(_ => { });
        using (var first = CreateHost())
        {
            await first.StartAsync(Token);
            await PublishAsync(first, receiver.Url);
            await TestHost.WaitUntilAsync(async () => (await DeliveriesAsync(first)).Single().State == WebhookDeliveryState.Delivered);
            await first.StopAsync(Token);
        }

        _time.Advance(WebhookRetention.Kept + TimeSpan.FromDays(1));
        using var host = CreateHost();
        await host.StartAsync(Token);

        await TestHost.WaitUntilAsync(async () => (await DeliveriesAsync(host)).Count == 0);
        await host.StopAsync(Token);
    }

    private static async Task<List<WebhookDelivery>> DeliveriesAsync(IHost host) =>
        await host.Services.GetRequiredService<WebhookStore>().ListDeliveriesAsync("owner", WebhookTarget.Default, null, Token).ToListAsync(Token);

    private Task PublishAsync(IHost host, Uri url) => host.Services.GetRequiredService<WebhookDispatcher>().PublishAsync(
        new WebhookEvent("owner", "video_1", WebhookEventTypes.VideoCompleted, _time.GetUtcNow(), JsonSerializer.SerializeToElement(new { id = "video_1" }), url), Token);

    private IHost CreateHost(Action<IServiceCollection>? configure = null) => TestHost.Create(Path.Combine(_folder.Path, "engine"), services =>
    {
        services.AddSingleton<TimeProvider>(_time).AddEmuWebhooks(new WebhookOptions { AllowPrivate = true }, Private);
        configure?.Invoke(services);
    });
}

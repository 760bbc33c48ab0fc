using Emu.Api.Authentication;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Api.Routing;
using Emu.Generation.Images;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Formats;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emu.Api.Tests.Server;

/// <summary>The API on a real server at a loopback port, without an engine and models, with routes of the test's own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private TestServer(WebApplication app, string folder)
    {
        _app = app;
        _folder = folder;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public ApiKeyFile Keys => _app.Services.GetRequiredService<ApiKeyFile>();

    public LinkSigner Links => _app.Services.GetRequiredService<LinkSigner>();

    public static async Task<TestServer> StartAsync(ApiLimits? limits = null, TimeProvider? time = null, Action<IServiceCollection>? configure = null, params ApiRoute[] routes)
    {
        var folder = Directory.CreateTempSubdirectory("emu-api-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        time ??= TimeProvider.System;
        builder.Services.AddSingleton(time);
        builder.Services.AddApiSecrets(folder);
        var store = FolderArtifactStore.OpenOwned(Path.Combine(folder, "store"));
        builder.Services.AddSingleton<IArtifactStore>(_ => store);
        var jobs = new JobService(store, client: null);
        builder.Services.AddSingleton(jobs);
        builder.Services.AddSingleton(new JobFormats(jobs, new JobRecords(store), client: null, new JobSignals(), new JobServiceOptions()));
        builder.Services.AddSingleton<IImageValidator, ImageUploadValidator>();
        builder.Services.AddSingleton<IRouteGroup>(new TestRoutes(routes));
        builder.Services.AddEmuApi(limits ?? new ApiLimits());
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapEmuApi();
        await app.StartAsync();
        return new TestServer(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class TestRoutes(ApiRoute[] routes) : IRouteGroup
    {
        public IEnumerable<ApiRoute> Routes => routes;
    }
}

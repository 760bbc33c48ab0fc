using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Durable.Abstractions;
using Emu.Functions.Durable;
using Emu.Functions.Http;
using Emu.Generation;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Uploads;
using Emu.Pipeline.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Functions.Tests.Host;

/// <summary>The API's services over a folder, without models, and with an engine that no host is connected to.</summary>
internal sealed class RoutesOnly : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emu-functions-").FullName;

    public RoutesOnly()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        services.AddArtifactStore(ArtifactStoreConnection.OpenAsync(new ArtifactStoreOptions { Folder = Path.Combine(_folder, "store") }, CancellationToken.None).GetAwaiter().GetResult());
        services.AddEmuPipeline(new PipelineOptions());
        services.AddEmuEncoding();
        services.AddSingleton<FunctionsClient>();
        services.AddSingleton<IOrchestrationClient>(provider => new FunctionsEngine(new FunctionsEngineOptions(), provider.GetRequiredService<FunctionsClient>(), NullLoggerFactory.Instance));
        services.AddEmuWebhooks(new WebhookOptions(), Path.Combine(_folder, "private"));
        services.AddEmuUploads([]);
        services.AddApiSecrets(_folder);
        services.AddEmuApi(new ApiLimits { RequestsPerSecond = 0 });
        services.AddSingleton<ApiFunctions>();
        App = builder.Build();
    }

    /// <summary>A server, not started; nothing is mapped.</summary>
    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public void Dispose()
    {
        ((IDisposable)App).Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

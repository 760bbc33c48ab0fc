using Emu.Durable.Abstractions.Engines;
using Emu.Hosting;
using Emu.Pipeline.Artifacts.Blob;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Durable;

/// <summary>The hub of the Functions host, with a storage for artifacts beside it.</summary>
/// <param name="Options">The engine's options.</param>
/// <param name="BlobStorage">The storage.</param>
public sealed record FunctionsHub(FunctionsEngineOptions Options, string BlobStorage) : SharedHub
{
    /// <inheritdoc/>
    public override string Storage => BlobStorage;

    /// <inheritdoc/>
    public override SharedEngineOptions Engine => Options;

    /// <inheritdoc/>
    public override SharedHub With(SharedEngineOptions engine) => this with { Options = (FunctionsEngineOptions)engine };

    /// <summary>Checks that the storage answers; the host checks its hub itself.</summary>
    /// <returns>Whether there are artifacts.</returns>
    public override Task<bool> CheckAsync(CancellationToken cancellationToken) => BlobArtifactStore.ExistsAsync(BlobStorage, Container, cancellationToken);

    /// <inheritdoc/>
    protected override void AddEngine(IServiceCollection services, IReadOnlyDictionary<string, int> groups)
    {
        services.AddHostedEngine(provider => Create(provider, Options with { ActivityGroups = groups }));
        AddClient<FunctionsEngine>(services);
    }

    /// <summary>An engine for an app whose orchestrations run elsewhere: its functions are there, and nobody calls them.</summary>
    internal static void AddIdleEngine(IServiceCollection services) => services.AddSingleton(provider => Create(provider, new FunctionsEngineOptions()));

    private static FunctionsEngine Create(IServiceProvider provider, FunctionsEngineOptions options) =>
        new(options, provider.GetRequiredService<FunctionsClient>(), provider.GetRequiredService<ILoggerFactory>());
}

using Emu.Conformance.Azurite;
using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(AzuriteServer))]

// The tests wait for queues most of the time.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Emu.Durable.AzureStorage.Tests;

/// <summary>The engine on Azure Storage, on a hub of its own in the tests' one Azurite.</summary>
public sealed class AzureStorageFixture(AzuriteServer azurite) : ISharedEngineFixture
{
    private IReadOnlyList<IOrchestration> _orchestrations = [];
    private IReadOnlyList<IActivity> _activities = [];
    private AzureStorageEngine? _engine;

    public EngineCapabilities Capabilities => EngineCapabilities.Recursion;

    public IOrchestrationClient Client => _engine!;

    /// <summary>The hub, and settings under which a lost process is noticed soon.</summary>
    public AzureStorageEngineOptions Options { get; } = new()
    {
        Storage = azurite.Connection,
        TaskHub = NewHub(),
        Partitions = 1,
        MaximumPollingInterval = TimeSpan.FromMilliseconds(100),
        LostWorkTimeout = TimeSpan.FromSeconds(6),
    };

    /// <summary>The name of a hub that no other test has.</summary>
    public static string NewHub() => "t" + Guid.NewGuid().ToString("N")[..16];

    public Task<SharedEngineOptions> OptionsAsync() => Task.FromResult<SharedEngineOptions>(Options);

    public IHostedEngine Create(SharedEngineOptions options) => new AzureStorageEngine((AzureStorageEngineOptions)options, NullLoggerFactory.Instance);

    /// <summary>An engine on the hub, not yet started.</summary>
    public AzureStorageEngine Create(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities)
    {
        var engine = new AzureStorageEngine(Options, NullLoggerFactory.Instance);
        foreach (var orchestration in orchestrations)
        {
            engine.AddOrchestration(orchestration);
        }

        foreach (var activity in activities)
        {
            engine.AddActivity(activity);
        }

        return engine;
    }

    public async Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities)
    {
        (_orchestrations, _activities) = (orchestrations, activities);
        _engine = Create(orchestrations, activities);
        await _engine.StartAsync(CancellationToken.None);
    }

    public async Task RestartAsync()
    {
        await _engine!.DisposeAsync();
        await StartAsync(_orchestrations, _activities);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }
}

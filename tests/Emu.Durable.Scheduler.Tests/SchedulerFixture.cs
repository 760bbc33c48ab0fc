using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.SchedulerHost;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.Scheduler.Tests;

/// <summary>The engine on the Durable Task Scheduler, over a server of its own in this process.</summary>
public sealed class SchedulerFixture : ISharedEngineFixture
{
    /// <summary>The hub that servers of tests know.</summary>
    public const string TaskHub = "my-hub";

    private IReadOnlyList<IOrchestration> _orchestrations = [];
    private IReadOnlyList<IActivity> _activities = [];
    private SchedulerEngine? _engine;

    /// <summary>No recursion, for Microsoft's test host heeds it neither at terminate nor at purge; the engine asks for it.</summary>
    public EngineCapabilities Capabilities => EngineCapabilities.None;

    public IOrchestrationClient Client => _engine!;

    /// <summary>The server; there is none before an engine is made.</summary>
    public SchedulerServer? Server { get; private set; }

    /// <summary>Options for the server.</summary>
    public async Task<SchedulerEngineOptions> OptionsAsync()
    {
        Server ??= await SchedulerServer.StartAsync(TaskHub);
        return new SchedulerEngineOptions { Endpoint = Server.Endpoint, TaskHub = TaskHub, StopTimeout = TimeSpan.FromSeconds(20) };
    }

    async Task<SharedEngineOptions> ISharedEngineFixture.OptionsAsync() => await OptionsAsync();

    public IHostedEngine Create(SharedEngineOptions options) => new SchedulerEngine((SchedulerEngineOptions)options, NullLoggerFactory.Instance);

    /// <summary>An engine on the server, not yet started.</summary>
    public async Task<SchedulerEngine> CreateAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities)
    {
        var engine = new SchedulerEngine(await OptionsAsync(), NullLoggerFactory.Instance);
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
        _engine = await CreateAsync(orchestrations, activities);
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

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}

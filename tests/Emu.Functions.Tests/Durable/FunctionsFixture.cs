using System.Text.Json;
using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Emu.Functions.Durable;
using Emu.Functions.Tests.Host;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Functions.Tests.Durable;

/// <summary>The engine on Durable Functions, with a function for each orchestration and activity, on a host of its own.</summary>
public sealed class FunctionsFixture : IEngineFixture
{
    private StandInHost? _host;
    private FunctionsEngine? _engine;

    public EngineCapabilities Capabilities => EngineCapabilities.None;

    public IOrchestrationClient Client => _engine!;

    public async Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities)
    {
        var client = new FunctionsClient();
        var engine = _engine = new FunctionsEngine(new FunctionsEngineOptions(), client, NullLoggerFactory.Instance);
        foreach (var orchestration in orchestrations)
        {
            engine.AddOrchestration(orchestration);
        }

        foreach (var activity in activities)
        {
            engine.AddActivity(activity);
        }

        await engine.StartAsync(CancellationToken.None);
        _host = await StandInHost.StartAsync(
            orchestrations.Select(orchestration => orchestration.Name).Distinct().ToDictionary(
                name => name, name => new Func<TaskOrchestrationContext, Task<JsonElement>>(context => engine.RunAsync(name, context))),
            activities.Select(activity => activity.Name).ToDictionary(
                FunctionNames.OfActivity, name => new Func<JsonElement, FunctionContext, DurableTaskClient, Task<JsonElement>>((call, context, durable) => engine.RunAsync(name, call, context, durable))));
        client.Use(_host.Client);
    }

    /// <exception cref="NotSupportedException">Always: the host keeps what an app has left, and is not under test here.</exception>
    public Task RestartAsync() => throw new NotSupportedException("A Functions host starts its app again by itself.");

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }
}

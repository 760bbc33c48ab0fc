using System.Globalization;
using System.Text.Json;
using Emu.Durable;
using Emu.Durable.Abstractions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Bench.Pipeline;

/// <summary>A job shaped like a video job whose stages do nothing: a child orchestration a stage, an activity in each, and a last activity.</summary>
internal static class EmptyJob
{
    /// <summary>The job's orchestration.</summary>
    public const string Name = "job";

    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement<object?>(null);

    /// <summary>The job and its stages.</summary>
    public static IReadOnlyList<IOrchestration> Orchestrations => [new Job(), new Stage()];

    /// <summary>What they call.</summary>
    public static IReadOnlyList<IActivity> Activities => [new Empty("work"), new Empty("finish")];

    /// <summary>An embedded engine that knows the job, not yet started.</summary>
    public static DurableEngine CreateEngine(string? folder, bool powerLossDurability = false)
    {
        var engine = new DurableEngine(new DurableEngineOptions { DataFolder = folder, PowerLossDurability = powerLossDurability }, NullLogger<DurableEngine>.Instance);
        foreach (var orchestration in Orchestrations)
        {
            engine.AddOrchestration(orchestration);
        }

        foreach (var activity in Activities)
        {
            engine.AddActivity(activity);
        }

        return engine;
    }

    private sealed class Job : IOrchestration
    {
        public string Name => EmptyJob.Name;

        public string Version => "1";

        public async Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input)
        {
            for (var stage = 0; stage < input.GetInt32(); stage++)
            {
                var name = stage.ToString(CultureInfo.InvariantCulture);
                context.SetStatus(name);
                await context.CallChildAsync<JsonElement>("stage", $"{context.InstanceId}.{name}", new { Stage = name });
            }

            return await context.CallActivityAsync<JsonElement>("finish", null);
        }
    }

    private sealed class Stage : IOrchestration
    {
        public string Name => "stage";

        public string Version => "1";

        public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) => context.CallActivityAsync<JsonElement>("work", input);
    }

    private sealed class Empty(string name) : IActivity
    {
        public string Name => name;

        public Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken) => Task.FromResult(Nothing);
    }
}

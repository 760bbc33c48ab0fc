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

    /// <summary>An engine that knows the job, not yet started.</summary>
    public static DurableEngine CreateEngine(string? folder, bool powerLossDurability = false) =>
        new DurableEngine(new DurableEngineOptions { DataFolder = folder, PowerLossDurability = powerLossDurability }, NullLogger<DurableEngine>.Instance)
            .AddOrchestration(new Job())
            .AddOrchestration(new Stage())
            .AddActivity(new Empty("work"))
            .AddActivity(new Empty("finish"));

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

using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>An orchestration from a delegate. If its input is a number, null means 0.</summary>
public sealed class TestOrchestration<TInput, TOutput>(string name, Func<IOrchestrationContext, TInput, Task<TOutput>> run, string version = "1") : IOrchestration
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Version => version;

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) =>
        JsonSerializer.SerializeToElement(await run(context, Read(input)), DurableJson.Options);

    private static TInput Read(JsonElement input) =>
        input.ValueKind == JsonValueKind.Null && default(TInput) is int ? default! : input.Deserialize<TInput>(DurableJson.Options)!;
}

/// <summary>An activity from a delegate.</summary>
public sealed class TestActivity<TInput, TOutput>(string name, Func<TInput, ActivityInvocation, CancellationToken, Task<TOutput>> run) : IActivity
{
    /// <summary>An activity that only computes.</summary>
    public TestActivity(string name, Func<TInput, TOutput> run)
        : this(name, (input, _, _) => Task.FromResult(run(input)))
    {
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeToElement(await run(invocation.Input.Deserialize<TInput>(DurableJson.Options)!, invocation, cancellationToken), DurableJson.Options);
}

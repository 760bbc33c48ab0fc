using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

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

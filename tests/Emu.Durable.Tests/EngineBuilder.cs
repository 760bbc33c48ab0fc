using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Emu.Durable.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.Tests;

/// <summary>Creates engines for tests.</summary>
internal static class EngineBuilder
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static DurableEngine Engine(DurableEngineOptions? options = null, EngineHooks? hooks = null, ILogger<DurableEngine>? logger = null) =>
        new(options ?? new DurableEngineOptions(), logger ?? NullLogger<DurableEngine>.Instance, hooks ?? new EngineHooks());

    public static DurableEngine Engine(TemporaryFolder folder) => Engine(new DurableEngineOptions { DataFolder = folder.Path });

    public static DurableEngine With<TInput, TOutput>(this DurableEngine engine, string name, Func<IOrchestrationContext, TInput, Task<TOutput>> run, string version = "1") =>
        engine.AddOrchestration(new TestOrchestration<TInput, TOutput>(name, run, version));

    public static DurableEngine WithActivity<TInput, TOutput>(this DurableEngine engine, string name, Func<TInput, TOutput> run, string group = ActivityGroups.Default) =>
        engine.AddActivity(new TestActivity<TInput, TOutput>(name, run), group);

    public static DurableEngine WithActivity<TInput, TOutput>(this DurableEngine engine, string name, Func<TInput, ActivityInvocation, CancellationToken, Task<TOutput>> run, string group = ActivityGroups.Default) =>
        engine.AddActivity(new TestActivity<TInput, TOutput>(name, run), group);

    public static async Task<DurableEngine> StartedAsync(this DurableEngine engine)
    {
        await engine.StartAsync(Token);
        return engine;
    }

    /// <summary>Starts an instance and waits until it has ended.</summary>
    public static async Task<OrchestrationStatus> RunAsync(this DurableEngine engine, string orchestration, string id = "instance", object? input = null)
    {
        await engine.StartIfAbsentAsync(orchestration, id, input, Token);
        return (await engine.WaitForEndAsync(id, Token))!;
    }

    /// <summary>Waits until a condition is true.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var polls = 0; !await condition(); polls++)
        {
            Assert.True(polls < 6_000, "The condition did not become true within a minute.");
            await Task.Delay(10, Token);
        }
    }
}

/// <summary>A folder that is deleted when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("emu-durable-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Tests;

public sealed class EmbeddedEngineServicesTests
{
    [Fact]
    public async Task Host_OrchestrationAndActivityThatUsesTheClient_RunsThem()
    {
        using var host = Host(new DurableEngineOptions { ActivityGroups = new Dictionary<string, int> { [ActivityGroups.Model] = 1 } }, services => services
            .AddOrchestration<ParentOrchestration>()
            .AddOrchestration<ChildOrchestration>()
            .AddActivity(provider => new StartActivity(provider.GetRequiredService<IOrchestrationClient>()), ActivityGroups.Model));
        await host.StartAsync(EngineBuilder.Token);
        var client = host.Services.GetRequiredService<IOrchestrationClient>();
        var engine = host.Services.GetRequiredService<DurableEngine>();
        Assert.Same(engine, client);
        Assert.True(await client.StartIfAbsentAsync("parent", "instance", null, EngineBuilder.Token));
        Assert.Equal("started", (await engine.WaitForEndAsync("instance", EngineBuilder.Token))!.Output!.Value.GetString());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.WaitForEndAsync("detached", EngineBuilder.Token))!.RuntimeStatus);
        await host.StopAsync(EngineBuilder.Token);
        await engine.Completion;
    }

    [Fact]
    public async Task Host_EarlierVersionRegistered_OldInstancesGoOnWithIt()
    {
        using var folder = new TemporaryFolder();
        var options = new DurableEngineOptions { DataFolder = folder.Path };
        await using (var engine = await EngineBuilder.Engine(options).AddOrchestration(new FirstVersion()).StartedAsync())
        {
            await engine.StartIfAbsentAsync("versioned", "old", null, EngineBuilder.Token);
        }

        using var host = Host(options, services => services.AddOrchestration<SecondVersion>().AddEarlierOrchestrationVersion<FirstVersion>());
        await host.StartAsync(EngineBuilder.Token);
        var upgraded = host.Services.GetRequiredService<DurableEngine>();
        await upgraded.RaiseEventAsync("old", "go", null, EngineBuilder.Token);
        Assert.Equal("1", (await upgraded.WaitForEndAsync("old", EngineBuilder.Token))!.Output!.Value.GetString());
        await upgraded.StartIfAbsentAsync("versioned", "new", null, EngineBuilder.Token);
        await upgraded.RaiseEventAsync("new", "go", null, EngineBuilder.Token);
        Assert.Equal("2", (await upgraded.WaitForEndAsync("new", EngineBuilder.Token))!.Output!.Value.GetString());
        await host.StopAsync(EngineBuilder.Token);
    }

    [Fact]
    public async Task Host_DataInUse_DoesNotStart()
    {
        using var folder = new TemporaryFolder();
        using var held = EngineLock.Acquire(folder.Path);
        using var host = Host(new DurableEngineOptions { DataFolder = folder.Path });
        await Assert.ThrowsAsync<DurableDataInUseException>(() => host.StartAsync(EngineBuilder.Token));
    }

    [Fact]
    public async Task Host_EngineFaults_StopsAndThrowsTheFault()
    {
        using var folder = new TemporaryFolder();
        SqliteConnection connection = null!;
        var log = new CriticalMessages();
        using var host = Host(new DurableEngineOptions { DataFolder = folder.Path }, services => services
            .AddOrchestration<ChildOrchestration>()
            .AddSingleton<ILoggerProvider>(log)
            .AddSingleton(provider => EngineBuilder.Engine(
                new DurableEngineOptions { DataFolder = folder.Path },
                new Emu.Durable.Engine.EngineHooks { Opened = opened => connection = opened },
                provider.GetRequiredService<ILogger<DurableEngine>>())));
        await host.StartAsync(EngineBuilder.Token);
        var running = host.WaitForShutdownAsync(EngineBuilder.Token);
        var engine = host.Services.GetRequiredService<DurableEngine>();

        // A closed connection is an error that the engine cannot recover from.
        connection.Close();
        await Assert.ThrowsAnyAsync<Exception>(() => engine.StartIfAbsentAsync("child", "instance", null, EngineBuilder.Token));
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => engine.Completion.WaitAsync(EngineBuilder.Token));
        Assert.Same(fault, await Assert.ThrowsAnyAsync<Exception>(() => running));
        Assert.Contains(log.Messages, message => message.Contains("ended by itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_EngineStoppedByOtherCode_Stops()
    {
        using var host = Host(new DurableEngineOptions());
        await host.StartAsync(EngineBuilder.Token);
        var running = host.WaitForShutdownAsync(EngineBuilder.Token);
        await host.Services.GetRequiredService<DurableEngine>().StopAsync(EngineBuilder.Token);
        await running;
    }

    [Fact]
    public void AddEmbeddedEngine_OptionOutOfRange_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddEmbeddedEngine(new DurableEngineOptions { MaximumDeliveries = 0 }));

    private static IHost Host(DurableEngineOptions options, Action<IServiceCollection>? configure = null)
    {
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEmbeddedEngine(options);
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private static Task<JsonElement> Text(string text) => Task.FromResult(JsonSerializer.SerializeToElement(text));

    private sealed class ParentOrchestration : IOrchestration
    {
        public string Name => "parent";

        public string Version => "1";

        public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) => context.CallActivityAsync<JsonElement>("start", "detached");
    }

    private sealed class ChildOrchestration : IOrchestration
    {
        public string Name => "child";

        public string Version => "1";

        public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) => Text("ended");
    }

    /// <summary>Starts an instance: an activity that depends on the engine that runs it.</summary>
    private sealed class StartActivity(IOrchestrationClient client) : IActivity
    {
        public string Name => "start";

        public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
        {
            await client.StartIfAbsentAsync("child", invocation.Input.GetString()!, null, cancellationToken);
            return await Text("started");
        }
    }

    private class FirstVersion : IOrchestration
    {
        public string Name => "versioned";

        public virtual string Version => "1";

        public async Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input)
        {
            await context.WaitForEventAsync<JsonElement>("go");
            return await Text(Version);
        }
    }

    private sealed class SecondVersion : FirstVersion
    {
        public override string Version => "2";
    }

    private sealed class CriticalMessages : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Messages { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Messages.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}

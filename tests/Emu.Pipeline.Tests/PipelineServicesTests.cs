using System.Collections.Concurrent;
using Emu.Durable;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Versions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Tests;

public sealed class PipelineServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public PipelineServicesTests() => _store = FolderArtifactStore.OpenOwned(Path.Combine(_folder.Path, "artifacts"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddEmuPipeline_HostWithAnEngine_CompletesJobs(bool inMemory)
    {
        await using var engine = new DurableEngine(new DurableEngineOptions { DataFolder = Path.Combine(_folder.Path, "engine") }, NullLogger<DurableEngine>.Instance);
        var listener = new Listener();
        using var host = Build(engine, services => services.AddSingleton<IJobEndListener>(listener), new PipelineOptions
        {
            InMemoryProgress = inMemory,
            Jobs = new JobServiceOptions { KeepIntermediate = true },
        });
        foreach (var orchestration in host.Services.GetServices<IOrchestration>())
        {
            engine.AddOrchestration(orchestration);
        }

        foreach (var (activity, group) in host.Services.GetServices<ActivityRegistration>())
        {
            engine.AddActivity(activity, group);
        }

        var jobs = host.Services.GetRequiredService<JobService>();
        await host.StartAsync(Cancellation);
        await engine.StartAsync(Cancellation);
        await jobs.Models.PublishAsync(TestModels.Sticker, Cancellation);

        var id = (await jobs.CreateAsync("local", TestModels.Video() with { Kind = JobKind.Image }, null, null, Cancellation)).Job.Record.Id;
        var ended = await jobs.WaitForEndAsync("local", id, TimeSpan.FromSeconds(60), Cancellation);
        await engine.WaitForEndAsync(id, Cancellation);
        await host.StopAsync(Cancellation);

        Assert.Equal(JobStatus.Completed, ended.Status);
        Assert.Equal(StageNames.Encode, ended.Progress!.Stage);
        Assert.Contains(id, listener.Ended);
        Assert.True(await StoreVersion.CheckAsync(_store, Cancellation));
        Assert.Equal(!inMemory, await _store.FindAsync(JobNames.Progress(id), Cancellation) is not null);
        Assert.Equal(!inMemory, await _store.FindAsync("models/sticker.json", Cancellation) is not null);
    }

    [Fact]
    public void AddEmuPipeline_WithoutAnEngine_ResolvesTheJobService()
    {
        using var host = Build(null, _ => { }, new PipelineOptions());

        Assert.NotNull(host.Services.GetRequiredService<JobService>());
        Assert.NotNull(host.Services.GetRequiredService<JobFinisher>());
    }

    [Fact]
    public async Task AddEmuPipeline_StoreOfANewerProgram_StartsNothing()
    {
        await _store.CreateAsync("store.json", """{"version":9}"""u8.ToArray(), Cancellation);
        var first = new FirstService();
        using var host = Build(null, services => services.AddHostedService(_ => first), new PipelineOptions());

        await Assert.ThrowsAsync<StoredDataVersionException>(() => host.StartAsync(Cancellation));

        Assert.False(first.HasStarted);
    }

    [Fact]
    public async Task AddJobUpkeep_SweepFails_StopsTheHost()
    {
        var beside = new JobService(_store);
        await beside.Models.PublishAsync(TestModels.Sticker, Cancellation);
        await beside.CreateAsync("local", TestModels.Video(), null, null, Cancellation);
        using var host = Build(new BrokenEngine(), services => services.AddJobUpkeep(), new PipelineOptions());
        var stopping = new TaskCompletionSource();
        using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        // The sweep may fail while the host is still starting, which then throws.
        await Record.ExceptionAsync(() => host.StartAsync(Cancellation));

        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    private IHost Build(IOrchestrationClient? client, Action<IServiceCollection> configure, PipelineOptions options)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IArtifactStore>(_store);
        if (client is not null)
        {
            builder.Services.AddSingleton(client);
        }

        configure(builder.Services);
        builder.Services.AddEmuPipeline(options);
        builder.Services.AddStage(_ => new TestStage(StageNames.Keyframe), ActivityGroups.Default);
        builder.Services.AddStage(
            _ => new TestStage(StageNames.Encode, async (run, token) => StageOutcome.Done([await TestStage.WriteAsync(run, "image.png", "image", token)])),
            ActivityGroups.Default);
        return builder.Build();
    }

    private sealed class Listener : IJobEndListener
    {
        public ConcurrentQueue<string> Ended { get; } = new();

        public Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken)
        {
            Ended.Enqueue(job.Id);
            return Task.CompletedTask;
        }
    }

    private sealed class FirstService : IHostedService
    {
        public bool HasStarted { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            HasStarted = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class BrokenEngine : IOrchestrationClient
    {
        public Task<bool> StartIfAbsentAsync(string orchestration, string instanceId, object? input, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

        public Task<OrchestrationStatus?> GetStatusAsync(string instanceId, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

        public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

        public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

        public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");
    }
}

using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Emu.Conformance.Azurite;
using Emu.Diffusion.Sessions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage;
using Emu.Durable.Scheduler;
using Emu.Durable.SchedulerHost;
using Emu.Generation;
using Emu.Generation.Models;
using Emu.Hosting;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: AssemblyFixture(typeof(AzuriteServer))]

namespace Emu.Worker.Tests.Hosting;

/// <summary>Workers as processes, which do the model stages of real jobs; a server in this process does the rest.</summary>
public sealed partial class WorkerTests(AzuriteServer azurite)
{
    private const int Steps = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_Scheduler_LeavesACheckpointAtSigtermAndAnotherWorkerGoesOn()
    {
        var hub = NewHub();
        await using var scheduler = await SchedulerServer.StartAsync(hub);
        await LeaveAndGoOnAsync(
            new SchedulerHub(new SchedulerEngineOptions { Endpoint = scheduler.Endpoint, TaskHub = hub }, azurite.Connection),
            new() { ["EMU_ENGINE"] = "scheduler", ["EMU_SCHEDULER"] = scheduler.Endpoint.AbsoluteUri });
    }

    [Fact]
    public async Task Work_AzureStorage_LeavesACheckpointAtSigtermAndAnotherWorkerGoesOn() => await LeaveAndGoOnAsync(
        new AzureStorageHub(new AzureStorageEngineOptions { Storage = azurite.Connection, TaskHub = NewHub(), Partitions = 1 }),
        new() { ["EMU_ENGINE"] = "azure-storage" });

    private static async Task LeaveAndGoOnAsync(SharedHub hub, Dictionary<string, string> settings)
    {
        settings["EMU_STORAGE"] = hub.Storage;
        settings["EMU_TASK_HUB"] = hub.TaskHub;
        settings["EMU_DEVICE"] = "cpu";
        settings["EMU_HEALTH_PORT"] = "0";

        // So long that only SIGTERM ends a slice.
        settings["EMU_TIME_BUDGET"] = "3600";
        using var server = await StartServerAsync(hub);
        var jobs = server.Services.GetRequiredService<JobService>();
        var store = server.Services.GetRequiredService<IArtifactStore>();
        string whole, stopped;
        var (first, health) = await WorkerProcess.StartAsync(settings);
        using (first)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(new Uri(health, "/health/live")));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(new Uri(health, "/health/ready")));
            whole = await CreateAsync(jobs);
            await CompleteAsync(jobs, whole, first);
            stopped = await CreateAsync(jobs);
            await foreach (var job in jobs.WatchAsync(Owner.Local, stopped, null, Token))
            {
                Assert.False(job.Record.HasEnded, $"{job.Record.Error}");
                if (job.Progress is { Stage: StageNames.Keyframe, UnitsDone: >= 1 })
                {
                    break;
                }
            }

            Assert.Equal(0, await first.TerminateAsync(TimeSpan.FromSeconds(25)));
        }

        var step = await CheckpointAsync(store, stopped);
        Assert.InRange(step, 1, Steps - 1);
        var (second, _) = await WorkerProcess.StartAsync(settings);
        using (second)
        {
            await CompleteAsync(jobs, stopped, second);
        }

        Assert.Equal(await ClipAsync(store, whole), await ClipAsync(store, stopped));
        await server.StopAsync(Token);
    }

    // Orchestrations, encoding and the ends of jobs.
    private static async Task<IHost> StartServerAsync(SharedHub hub)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        var options = new JobHostOptions
        {
            Hub = hub.With(new TakenActivities([StageNames.Encode, StageNames.Format], DefaultGroup: true)),
            Jobs = new JobServiceOptions { KeepIntermediate = true },
        };
        var models = GenerationOptions.Name(ModelFolders.List().Where(folder => Path.GetFileName(folder) == ModelFolders.DefaultName));
        await builder.Services.AddJobsAsync(options, stages => stages.AddEmuGeneration(new GenerationOptions { Models = models, Device = DeviceChoice.Cpu }), Token);
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }

    private static async Task<string> CreateAsync(JobService jobs)
    {
        var draft = new JobDraft { Kind = JobKind.Video, Prompt = "a duck", Seed = 7, Steps = Steps, Size = new FrameSize(128, 128) };
        return (await jobs.CreateAsync(Owner.Local, draft, null, null, Token)).Job.Record.Id;
    }

    private static async Task CompleteAsync(JobService jobs, string id, WorkerProcess worker)
    {
        var job = await jobs.WaitForEndAsync(Owner.Local, id, TimeSpan.FromMinutes(3), Token);
        Assert.True(job.Record.State == JobState.Completed, $"{id} is {job.Record.State} at {job.Progress}: {job.Record.Error}\n{worker.Output}");
    }

    // The step of the one checkpoint of the keyframe.
    private static async Task<int> CheckpointAsync(IArtifactStore store, string id)
    {
        var steps = new List<int>();
        await foreach (var artifact in store.ListAsync($"{JobNames.Folder(id)}{StageNames.Keyframe}/", null, Token))
        {
            if (StepFile().Match(artifact.Name) is { Success: true } match)
            {
                steps.Add(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            }
        }

        return Assert.Single(steps);
    }

    private static async Task<string> ClipAsync(IArtifactStore store, string id) =>
        (await new StageManifests(store, id).FindAsync(StageNames.Animate, Token))!.Find(StageFiles.ClipLatents)!.Sha256;

    private static async Task<HttpStatusCode> StatusAsync(Uri address)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(address, Token);
        return answer.StatusCode;
    }

    private static string NewHub() => "w" + Guid.NewGuid().ToString("N")[..16];

    [GeneratedRegex(@"/step-(\d+)\.safetensors$")]
    private static partial Regex StepFile();
}

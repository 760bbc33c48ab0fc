using Emu.Diffusion.Sessions;
using Emu.Durable.AzureStorage;
using Emu.Durable.Scheduler;
using Emu.Worker.Hosting;
using Emu.Worker.Settings;
using Microsoft.Extensions.Configuration;

namespace Emu.Worker.Tests.Settings;

public sealed class WorkerOptionsTests
{
    private const string Storage = "UseDevelopmentStorage=true";

    [Fact]
    public void Read_Scheduler_TakesModelStagesAndNoOrchestrations()
    {
        var options = Read(("EMU_SCHEDULER", "name.westeurope.durabletask.io"), ("EMU_TASK_HUB", "My-Hub"), ("EMU_STORAGE", Storage));
        var engine = Assert.IsType<SchedulerEngineOptions>(options.Hub.Engine);
        Assert.Equal(("https://name.westeurope.durabletask.io/", "My-Hub", "my-hub", Storage), (engine.Endpoint.AbsoluteUri, engine.TaskHub, options.Hub.Container, options.Hub.Storage));
        Assert.Equal(["keyframe", "animate", "interpolate", "upsample", "mask", "edit"], engine.Activities!.Names);
        Assert.False(engine.Activities.DefaultGroup);
        Assert.False(engine.RunsOrchestrations);
        Assert.Equal("sticker", options.Generation.Models[0].Key);
        Assert.Equal((DeviceChoice.Auto, TimeSpan.FromSeconds(20), 8080), (options.Generation.Device, options.Stages.TimeBudget, options.HealthPort));
    }

    [Fact]
    public void Read_AzureStorageWithEverythingSet_TakesIt()
    {
        var options = Read(
            ("EMU_ENGINE", "azure-storage"), ("EMU_STORAGE", Storage), ("EMU_TASK_HUB", "other"), ("EMU_STAGES", "upsample,encode"), ("EMU_MODEL", "sticker"),
            ("EMU_DEVICE", "cuda:1"), ("EMU_TIME_BUDGET", "45"), ("EMU_HEALTH_PORT", "9000"));
        var engine = Assert.IsType<AzureStorageEngineOptions>(options.Hub.Engine);
        Assert.Equal("other", engine.TaskHub);
        Assert.Equal(["upsample", "encode", "format"], engine.Activities!.Names);
        Assert.Equal((new DeviceChoice(DeviceKind.Cuda, 1), TimeSpan.FromSeconds(45), 9000), (options.Generation.Device, options.Stages.TimeBudget, options.HealthPort));
    }

    [Theory]
    [InlineData("EMU_ENGINE", "redis", "is 'redis'")]
    [InlineData("EMU_SCHEDULER", null, "is missing")]
    [InlineData("EMU_SCHEDULER", "http://example.com", "is not encrypted and not on this machine")]
    [InlineData("EMU_TASK_HUB", null, "is missing")]
    [InlineData("EMU_TASK_HUB", "my hub", "is no name of a task hub")]
    [InlineData("EMU_STORAGE", null, "is missing")]
    [InlineData("EMU_STAGES", "paint", "is 'paint'")]
    [InlineData("EMU_MODEL", "sticker,nobody", "names 'nobody', which is not there; there are: ")]
    [InlineData("EMU_DEVICE", "tpu", "is 'tpu'")]
    [InlineData("EMU_TIME_BUDGET", "0", "is '0'")]
    [InlineData("EMU_HEALTH_PORT", "65536", "is '65536'")]
    public void Read_SettingThatIsNone_NamesItAndSaysWhatIsAccepted(string name, string? value, string problem)
    {
        (string, string?)[] settings = [("EMU_SCHEDULER", "http://localhost:8080"), ("EMU_TASK_HUB", "hub"), ("EMU_STORAGE", Storage)];
        var exception = Assert.Throws<WorkerSettingException>(() => Read([.. settings.Where(setting => setting.Item1 != name), (name, value)]));
        Assert.StartsWith($"The setting {name} ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.EndsWith($"{WorkerSetting.All.Single(setting => setting.Name == name).Meaning}.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SchedulerDoesNotAnswer_SaysSoInOneLineAndFails()
    {
        using var errors = new StringWriter();
        var code = await WorkerProgram.RunAsync(["--EMU_SCHEDULER", "http://localhost:9", "--EMU_TASK_HUB", "hub", "--EMU_STORAGE", Storage], errors);
        Assert.Equal(1, code);
        Assert.StartsWith("emu-worker: The Durable Task Scheduler did not answer", Assert.Single(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static WorkerOptions Read(params (string Name, string? Value)[] settings) =>
        WorkerOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value)).Build());
}

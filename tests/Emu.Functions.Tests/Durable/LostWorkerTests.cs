using System.Text.Json;
using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Emu.Functions.Durable;
using Emu.Functions.Tests.Host;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using OrchestrationRuntimeStatus = Emu.Durable.Abstractions.OrchestrationRuntimeStatus;
using RetryPolicy = Emu.Durable.Abstractions.RetryPolicy;

namespace Emu.Functions.Tests.Durable;

public sealed class LostWorkerTests
{
    private static readonly RetryPolicy Thrice = new(3, TimeSpan.FromMilliseconds(10), 1);

    [Fact]
    public async Task Activity_WhoseWorkerIsLost_IsCalledAgain()
    {
        var status = await RunAsync(Thrice, losses: 2);

        Assert.Equal((OrchestrationRuntimeStatus.Completed, 3), (status.RuntimeStatus, status.Output!.Value.GetInt32()));
    }

    [Fact]
    public async Task Activity_WhoseWorkerIsLostEveryTime_FailsAsLost()
    {
        var status = await RunAsync(Thrice, losses: 3);

        Assert.Equal((OrchestrationRuntimeStatus.Failed, "worker_lost"), (status.RuntimeStatus, status.Failure!.Code));
    }

    // The activity's function ends in the host's own words, as when the process that ran it dies.
    private static async Task<OrchestrationStatus> RunAsync(RetryPolicy retry, int losses)
    {
        var calls = 0;
        var client = new FunctionsClient();
        await using var engine = new FunctionsEngine(new FunctionsEngineOptions(), client, NullLoggerFactory.Instance);
        engine.AddOrchestration(new TestOrchestration<int, int>("job", (context, _) => context.CallActivityAsync<int>("count", 0, retry)));
        engine.AddActivity(new TestActivity<int, int>("count", _ => calls));
        await engine.StartAsync(CancellationToken.None);
        await using var host = await StandInHost.StartAsync(
            new Dictionary<string, Func<TaskOrchestrationContext, Task<JsonElement>>> { ["job"] = context => engine.RunAsync("job", context) },
            new Dictionary<string, Func<JsonElement, FunctionContext, DurableTaskClient, Task<JsonElement>>>
            {
                ["count"] = (call, context, durable) => ++calls <= losses
                    ? throw new InvalidOperationException("dotnet exited with code 137 (0x89)")
                    : engine.RunAsync("count", call, context, durable),
            });
        client.Use(host.Client);

        Assert.True(await engine.StartIfAbsentAsync("job", "one", null, TestContext.Current.CancellationToken));
        var deadline = DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1);
        while (true)
        {
            var status = await engine.GetStatusAsync("one", TestContext.Current.CancellationToken);
            if (status is { RuntimeStatus: > OrchestrationRuntimeStatus.Running })
            {
                return status;
            }

            Assert.True(DateTimeOffset.UtcNow < deadline, $"After {calls} calls: {status}; {host.Problems}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}

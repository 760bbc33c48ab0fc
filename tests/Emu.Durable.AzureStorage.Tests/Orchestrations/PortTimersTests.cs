using DurableTask.Core;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.AzureStorage.Tests.Orchestrations;

public sealed class PortTimersTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task CreateTimer_TenDays_IsAChainOfTimersThatAQueueCanHide()
    {
        var inner = new InstantTimers(Start);
        var context = new PortContext(inner, new OrchestrationRegistry(), new EventMailbox(), NullLogger.Instance);
        await context.CreateTimerAsync(Start.AddDays(10));
        Assert.True(inner.CurrentUtcDateTime >= Start.AddDays(10));
        Assert.All(inner.Delays, delay => Assert.True(delay < TimeSpan.FromDays(7)));
        Assert.Equal(4, inner.Delays.Count);
    }

    [Fact]
    public async Task CreateTimer_PartOfASecond_IsAskedForASecondLater()
    {
        var inner = new InstantTimers(Start);
        var context = new PortContext(inner, new OrchestrationRegistry(), new EventMailbox(), NullLogger.Instance);
        await context.CreateTimerAsync(Start.AddMilliseconds(120));
        Assert.Equal([TimeSpan.FromMilliseconds(1120)], inner.Delays);
    }

    /// <summary>A context whose timers fire at once and move its time on.</summary>
    private sealed class InstantTimers : OrchestrationContext
    {
        private DateTime _now;

        public InstantTimers(DateTime start)
        {
            _now = start;
            OrchestrationInstance = new OrchestrationInstance { InstanceId = "instance", ExecutionId = "execution" };
        }

        public override DateTime CurrentUtcDateTime => _now;

        public List<TimeSpan> Delays { get; } = [];

        public override async Task<T> CreateTimer<T>(DateTime fireAt, T state, CancellationToken cancelToken)
        {
            Delays.Add(fireAt - _now);
            _now = fireAt;
            await Task.Yield();
            return state;
        }

        public override Task<T> CreateTimer<T>(DateTime fireAt, T state) => CreateTimer(fireAt, state, CancellationToken.None);

        public override Task<TResult> ScheduleTask<TResult>(string name, string version, params object[] parameters) => throw new NotSupportedException();

        public override Task<T> CreateSubOrchestrationInstance<T>(string name, string version, string instanceId, object input) => throw new NotSupportedException();

        public override Task<T> CreateSubOrchestrationInstance<T>(string name, string version, string instanceId, object input, IDictionary<string, string> tags) => throw new NotSupportedException();

        public override Task<T> CreateSubOrchestrationInstance<T>(string name, string version, object input) => throw new NotSupportedException();

        public override void SendEvent(OrchestrationInstance orchestrationInstance, string eventName, object eventData) => throw new NotSupportedException();

        public override void ContinueAsNew(object input) => throw new NotSupportedException();

        public override void ContinueAsNew(string newVersion, object input) => throw new NotSupportedException();
    }
}

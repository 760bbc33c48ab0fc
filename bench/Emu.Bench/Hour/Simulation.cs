using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline;
using Emu.Pipeline.Orchestrations;

namespace Emu.Bench.Hour;

/// <summary>
/// A discrete-event simulation: the pipeline's own orchestrations, with their retries and slices, in virtual time; activities only take
/// time. One thread: an event's continuations run before the next event.
/// </summary>
public sealed class Simulation
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (double Time, long Order)> _events = new();
    private readonly Dictionary<string, IOrchestration> _orchestrations =
        new IOrchestration[] { new VideoOrchestration(), new SlicesOrchestration() }.ToDictionary(orchestration => orchestration.Name);

    private readonly HourSettings _settings;
    private readonly SimulatedActivities _activities;
    private long _order;

    private Simulation(HourSettings settings)
    {
        _settings = settings;
        Random = new Random(settings.Seed);
        _activities = new SimulatedActivities(this, settings);
    }

    /// <summary>The virtual time, in seconds.</summary>
    public double Now { get; private set; }

    /// <summary>The virtual time, as orchestrations see it.</summary>
    public DateTimeOffset Time => Origin + TimeSpan.FromSeconds(Now);

    /// <summary>Chance.</summary>
    public Random Random { get; }

    /// <summary>What was counted.</summary>
    public HourReport Report { get; } = new();

    /// <summary>Simulates until every job has ended.</summary>
    public static HourReport Run(HourSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var simulation = new Simulation(settings);
        simulation.Schedule();
        while (simulation.Report.Ended < settings.Videos)
        {
            simulation._events.TryDequeue(out var act, out var at);
            simulation.Now = at.Time;
            (act ?? throw new InvalidOperationException("Nothing is left to happen, and jobs have not ended."))();
        }

        simulation._activities.Fleet.Close();
        simulation.Report.End = simulation.Now;
        return simulation.Report;
    }

    /// <summary>Does something later.</summary>
    /// <param name="seconds">How much later.</param>
    /// <param name="act">What.</param>
    public void After(double seconds, Action act) => _events.Enqueue(act, (Now + Math.Max(0, seconds), _order++));

    /// <summary>Runs an instance of an orchestration of the pipeline.</summary>
    public Task<JsonElement> RunAsync(string orchestration, string id, object? input)
    {
        Report.Actions++;
        var context = new SimulatedContext(this, _activities, id);
        return _orchestrations[orchestration].RunAsync(context, JsonSerializer.SerializeToElement(input, PipelineJson.Options));
    }

    private void Schedule()
    {
        _activities.Fleet.Start();
        var times = new double[_settings.Videos];
        for (var video = 0; video < times.Length; video++)
        {
            times[video] = Random.NextDouble() * _settings.Hours * 3600;
        }

        foreach (var (video, time) in times.Order().Index())
        {
            After(time, () => _ = JobAsync($"video_{video}"));
        }
    }

    private async Task JobAsync(string id)
    {
        var started = Now;
        var state = await RunAsync(OrchestrationNames.Video, id, new JobInput(id, null));
        Report.JobEnded(Now - started, state.GetString() == "completed");
    }
}

/// <summary>The port's context in virtual time.</summary>
internal sealed class SimulatedContext(Simulation simulation, SimulatedActivities activities, string id) : IOrchestrationContext
{
    public string InstanceId => id;

    public DateTimeOffset CurrentTime => simulation.Time;

    public bool IsReplaying => false;

    public Guid NewGuid() => Guid.NewGuid();

    public async Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null) =>
        (TOutput)await (retry ?? RetryPolicy.None).RunAsync(attempt => activities.CallAsync(name, input, attempt), delay => CreateTimerAsync(CurrentTime + delay));

    public async Task<TOutput> CallChildAsync<TOutput>(string orchestration, string instanceId, object? input, RetryPolicy? retry = null)
    {
        simulation.Report.Actions++;
        var output = await (retry ?? RetryPolicy.None).RunAsync(_ => simulation.RunAsync(orchestration, instanceId, input), delay => CreateTimerAsync(CurrentTime + delay));
        return output.Deserialize<TOutput>(PipelineJson.Options)!;
    }

    public Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        simulation.Report.Actions++;
        var fired = new TaskCompletionSource();
        simulation.After((fireAt - CurrentTime).TotalSeconds, () => fired.TrySetResult());
        return fired.Task;
    }

    // Nobody cancels a job.
    public Task<TPayload> WaitForEventAsync<TPayload>(string name, CancellationToken cancellationToken = default)
    {
        var raised = new TaskCompletionSource<TPayload>();
        cancellationToken.Register(() => raised.TrySetCanceled(cancellationToken));
        return raised.Task;
    }

    public void SetStatus(string status)
    {
    }

    public void Log(string message)
    {
    }
}

using Emu.Durable.Abstractions;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Bench.Hour;

/// <summary>Activities that only take time: those with a model on the GPU fleet, the others on as many slots as there are.</summary>
internal sealed class SimulatedActivities
{
    // Requests that an activity makes to the storage; see docs/azure.md. Reads: the job's record and the stage's manifest, and for each
    // stage that it reads the manifest and a file. Writes: its file (two blocks and their list), and the manifest or checkpoint.
    private const int FixedReads = 3;
    private const int ReadsOfInput = 2;
    private const int Writes = 4;
    private static readonly StageOptions Options = new();

    private readonly Simulation _simulation;
    private readonly HourSettings _settings;
    private readonly Queue<(double Seconds, Action Done)> _waiting = new();
    private int _busy;

    public SimulatedActivities(Simulation simulation, HourSettings settings)
    {
        _simulation = simulation;
        _settings = settings;
        Fleet = new GpuFleet(simulation, settings);
    }

    /// <summary>The GPU replicas.</summary>
    public GpuFleet Fleet { get; }

    /// <summary>Calls an activity once.</summary>
    /// <exception cref="ActivityFailedException">It failed, by chance.</exception>
    public async Task<object> CallAsync(string name, object? input, int attempt)
    {
        // To the worker, and the result back to the orchestration.
        _simulation.Report.Actions += 2;
        _simulation.Report.Activities++;
        _simulation.Report.Retries += attempt > 1 ? 1 : 0;
        var (seconds, result, hasModel) = Plan(name, input);
        Count(input as StageCall, seconds);
        if (hasModel)
        {
            await Fleet.RunAsync(seconds);
        }
        else
        {
            await LightAsync(seconds);
        }

        return _simulation.Random.NextDouble() < _settings.FailureRate
            ? throw new ActivityFailedException(new ActivityFailure("device_lost", "Chance.", Retryable: true))
            : result;
    }

    // How long it takes, what it returns, and whether it runs a model.
    private (double Seconds, object Result, bool HasModel) Plan(string name, object? input)
    {
        var cost = name switch
        {
            StageNames.Keyframe => _settings.Keyframe,
            StageNames.Animate => _settings.Animate,
            StageNames.Interpolate => _settings.Interpolate,
            StageNames.Upsample => _settings.Upsample,
            _ => null,
        };
        if (cost is null || input is not StageCall call)
        {
            return name == StageNames.Finish ? (_settings.Finish, JobState.Completed, false) : (_settings.Encode, new StageResult(true), false);
        }

        // As the pipeline does: at least one step, and on until the budget is spent.
        var left = cost.Steps - call.Unit;
        var steps = Math.Clamp((int)Math.Ceiling(_settings.TimeBudget / cost.Seconds), 1, left);
        var result = steps == left
            ? new StageResult(true, Chunks: name == StageNames.Interpolate ? _settings.Chunks : null)
            : new StageResult(false, call.Unit + steps, $"step-{call.Unit + steps}");
        _simulation.Report.Slices += steps == left && call.Unit == 0 ? 0 : 1;
        _simulation.Report.StorageWrites += (int)Math.Min(steps, steps * cost.Seconds / Options.ProgressInterval.TotalSeconds) + 1;
        return (steps * cost.Seconds, result, true);
    }

    private void Count(StageCall? call, double seconds)
    {
        _simulation.Report.StorageReads += FixedReads + (ReadsOfInput * (call?.Reads.Count ?? 0)) + (int)(seconds / Options.CancellationInterval.TotalSeconds);
        _simulation.Report.StorageWrites += Writes;
    }

    private Task LightAsync(double seconds)
    {
        var done = new TaskCompletionSource();
        _waiting.Enqueue((seconds, done.SetResult));
        Dispatch();
        return done.Task;
    }

    private void Dispatch()
    {
        while (_busy < _settings.LightSlots && _waiting.TryDequeue(out var work))
        {
            _busy++;
            _simulation.After(work.Seconds, () =>
            {
                _busy--;
                work.Done();
                Dispatch();
            });
        }
    }
}

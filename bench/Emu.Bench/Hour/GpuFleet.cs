namespace Emu.Bench.Hour;

/// <summary>GPU replicas that take one activity at a time, and a scaler that looks at the queue, as Container Apps do.</summary>
internal sealed class GpuFleet(Simulation simulation, HourSettings settings)
{
    // A scaler adds at least four replicas, and else as many as there are.
    private const int SmallestStep = 4;

    private readonly Queue<Work> _waiting = new();
    private readonly List<Replica> _replicas = [];

    /// <summary>Begins to look at the queue.</summary>
    public void Start() => simulation.After(settings.ScalerInterval, Scale);

    /// <summary>Runs an activity as soon as a replica is free.</summary>
    /// <param name="seconds">How long it takes once the model is loaded.</param>
    public Task RunAsync(double seconds)
    {
        var work = new Work(seconds, new TaskCompletionSource(), simulation.Now);
        _waiting.Enqueue(work);
        simulation.Report.LongestQueue = Math.Max(simulation.Report.LongestQueue, _waiting.Count);
        Dispatch();
        return work.Done.Task;
    }

    /// <summary>Ends all replicas.</summary>
    public void Close()
    {
        foreach (var replica in _replicas.ToList())
        {
            Remove(replica);
        }
    }

    private void Scale()
    {
        foreach (var idle in _replicas.Where(replica => replica is { IsReady: true, Work: null } && simulation.Now - replica.IdleSince >= settings.Cooldown).ToList())
        {
            Remove(idle);
        }

        var wanted = Math.Min(settings.MaximumReplicas, _waiting.Count + _replicas.Count(replica => replica.Work is not null));
        var added = Math.Min(wanted - _replicas.Count, Math.Max(SmallestStep, _replicas.Count));
        for (var count = 0; count < added; count++)
        {
            Add();
        }

        simulation.After(settings.ScalerInterval, Scale);
    }

    private void Add()
    {
        var replica = new Replica(simulation.Now);
        _replicas.Add(replica);
        simulation.Report.Replicas++;
        simulation.Report.MostReplicas = Math.Max(simulation.Report.MostReplicas, _replicas.Count);
        simulation.After(settings.ColdStart, () =>
        {
            replica.IsReady = _replicas.Contains(replica);
            replica.IdleSince = simulation.Now;
            Dispatch();
        });
        if (settings.LossesPerHour > 0)
        {
            simulation.After(-Math.Log(1 - simulation.Random.NextDouble()) / settings.LossesPerHour * 3600, () => Lose(replica));
        }
    }

    private void Dispatch()
    {
        foreach (var replica in _replicas)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            if (replica is { IsReady: true, Work: null })
            {
                Begin(replica, _waiting.Dequeue());
            }
        }
    }

    private void Begin(Replica replica, Work work)
    {
        replica.Work = work;
        simulation.Report.Waited += simulation.Now - work.Since;
        var seconds = work.Seconds + (replica.HasModel ? 0 : settings.ModelLoad);
        replica.HasModel = true;
        simulation.After(seconds, () =>
        {
            if (replica.Work != work)
            {
                return;
            }

            replica.Work = null;
            replica.IdleSince = simulation.Now;
            simulation.Report.BusySeconds += seconds;
            work.Done.SetResult();
            Dispatch();
        });
    }

    // What it did is lost with it, and is given to another replica once that is noticed.
    private void Lose(Replica replica)
    {
        if (!_replicas.Contains(replica))
        {
            return;
        }

        Remove(replica);
        simulation.Report.Losses++;
        if (replica.Work is { } work)
        {
            replica.Work = null;
            simulation.After(settings.LossDetection, () =>
            {
                _waiting.Enqueue(work with { Since = simulation.Now });
                Dispatch();
            });
        }
    }

    private void Remove(Replica replica)
    {
        _replicas.Remove(replica);
        simulation.Report.ReplicaSeconds += simulation.Now - replica.Started;
    }

    private sealed record Work(double Seconds, TaskCompletionSource Done, double Since);

    private sealed class Replica(double started)
    {
        public double Started { get; } = started;

        public bool IsReady { get; set; }

        public bool HasModel { get; set; }

        public double IdleSince { get; set; }

        public Work? Work { get; set; }
    }
}

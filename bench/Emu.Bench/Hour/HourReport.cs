namespace Emu.Bench.Hour;

/// <summary>What a simulation counted. Times in seconds.</summary>
public sealed class HourReport
{
    private readonly List<double> _latencies = [];

    /// <summary>When the last job ended.</summary>
    public double End { get; set; }

    /// <summary>Jobs that have ended.</summary>
    public int Ended => _latencies.Count;

    /// <summary>Jobs that failed in spite of the retries.</summary>
    public int Failed { get; private set; }

    /// <summary>Calls of activities, every attempt and slice.</summary>
    public long Activities { get; set; }

    /// <summary>Calls that were a second attempt or a later one.</summary>
    public long Retries { get; set; }

    /// <summary>Slices of stages that took more than one.</summary>
    public long Slices { get; set; }

    /// <summary>Messages of the durable service: starts, calls, results, timers.</summary>
    public long Actions { get; set; }

    /// <summary>Requests to the storage that read.</summary>
    public long StorageReads { get; set; }

    /// <summary>Requests to the storage that write.</summary>
    public long StorageWrites { get; set; }

    /// <summary>The most activities that waited for a GPU.</summary>
    public int LongestQueue { get; set; }

    /// <summary>How long activities waited for a GPU, all together.</summary>
    public double Waited { get; set; }

    /// <summary>Replicas that were started.</summary>
    public int Replicas { get; set; }

    /// <summary>The most replicas at once.</summary>
    public int MostReplicas { get; set; }

    /// <summary>Replicas that were lost.</summary>
    public int Losses { get; set; }

    /// <summary>The time that replicas existed.</summary>
    public double ReplicaSeconds { get; set; }

    /// <summary>The time that they worked.</summary>
    public double BusySeconds { get; set; }

    /// <summary>Notes a job's end.</summary>
    public void JobEnded(double seconds, bool isCompleted)
    {
        _latencies.Add(seconds);
        Failed += isCompleted ? 0 : 1;
    }

    /// <summary>A quantile of the time from a job's start to its end.</summary>
    public double Latency(double quantile)
    {
        var sorted = _latencies.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}

using Emu.Pipeline.Stages;

namespace Emu.Bench.Hour;

/// <summary>What is simulated: how much comes, how long the stages take, and how replicas come and go. Times in seconds.</summary>
public sealed record HourSettings
{
    /// <summary>Videos that are asked for in the hour, at random times (a Poisson process).</summary>
    public int Videos { get; init; } = 10_000;

    /// <summary>How long videos are asked for.</summary>
    public double Hours { get; init; } = 1;

    /// <summary>The keyframe's steps, and the seconds of one.</summary>
    public StageCost Keyframe { get; init; } = new(25, 0.24);

    /// <summary>The clip's steps, and the seconds of one.</summary>
    public StageCost Animate { get; init; } = new(25, 2.4);

    /// <summary>Interpolation.</summary>
    public StageCost Interpolate { get; init; } = new(1, 0.5);

    /// <summary>A chunk's upsampling.</summary>
    public StageCost Upsample { get; init; } = new(1, 2);

    /// <summary>Into how many chunks the frames are split.</summary>
    public int Chunks { get; init; } = 4;

    /// <summary>Encoding, on a processor.</summary>
    public double Encode { get; init; } = 2;

    /// <summary>The end of a job, on a processor.</summary>
    public double Finish { get; init; } = 0.1;

    /// <summary>How many activities without a model run at once.</summary>
    public int LightSlots { get; init; } = 32;

    /// <summary>The most GPU replicas.</summary>
    public int MaximumReplicas { get; init; } = 300;

    /// <summary>From a replica's start until it takes work: the image is pulled and the process starts.</summary>
    public double ColdStart { get; init; } = 75;

    /// <summary>Loading the model, in a replica's first activity; not counted in a slice's time budget.</summary>
    public double ModelLoad { get; init; } = 20;

    /// <summary>How often the scaler looks at the queue.</summary>
    public double ScalerInterval { get; init; } = 15;

    /// <summary>How long a replica stays without work.</summary>
    public double Cooldown { get; init; } = 300;

    /// <summary>How often a replica is lost, times an hour.</summary>
    public double LossesPerHour { get; init; } = 0.2;

    /// <summary>How long it takes until a lost replica's activity is given to another one.</summary>
    public double LossDetection { get; init; } = 30;

    /// <summary>The share of activities that fail, such that the same call may succeed later.</summary>
    public double FailureRate { get; init; } = 0.002;

    /// <summary>How long a stage works before it leaves a checkpoint: the pipeline's own setting.</summary>
    public double TimeBudget { get; init; } = new StageOptions().TimeBudget.TotalSeconds;

    /// <summary>What a replica costs, an hour.</summary>
    public double ReplicaPrice { get; init; } = 1.6;

    /// <summary>Makes the same hour again.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>What a stage costs.</summary>
/// <param name="Steps">Its units; between two a slice may end.</param>
/// <param name="Seconds">The seconds of one.</param>
public sealed record StageCost(int Steps, double Seconds);

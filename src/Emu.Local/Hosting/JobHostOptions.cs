using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Upkeep;

namespace Emu.Local.Hosting;

/// <summary>How jobs are run on one machine.</summary>
public sealed record JobHostOptions
{
    /// <summary>The folder of the artifacts; not used if <see cref="Storage"/> is given.</summary>
    public required string StoreFolder { get; init; }

    /// <summary>The engine's folder; null keeps the engine in memory, for jobs that end with the process.</summary>
    public string? EngineFolder { get; init; }

    /// <summary>A storage connection string, or an account's blob address: the artifacts then lie in <see cref="Container"/> there. Null for <see cref="StoreFolder"/>.</summary>
    public string? Storage { get; init; }

    /// <summary>The blob container; <c>emu</c> by default.</summary>
    public string Container { get; init; } = "emu";

    /// <summary>How jobs are taken and kept.</summary>
    public JobServiceOptions Jobs { get; init; } = new();

    /// <summary>How stages are run.</summary>
    public StageOptions Stages { get; init; } = new();

    /// <summary>How often the sweep looks; null for what suits the store.</summary>
    public SweepOptions? Sweep { get; init; }

    /// <summary>Whether the engine's commits and the store's files survive a loss of power too, at the price of a disk flush each.</summary>
    public bool PowerLossDurability { get; init; }

    /// <summary>How many media stages run at once; 2 by default.</summary>
    public int MediaConcurrency { get; init; } = 2;

    /// <summary>Jobs in a data folder.</summary>
    public static JobHostOptions On(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new JobHostOptions { StoreFolder = data.Store, EngineFolder = data.Engine };
    }
}

using Emu.Durable.Abstractions;

namespace Emu.Pipeline.Orchestrations;

/// <summary>
/// How often stages are tried. What a failure is decides whether: bad input never is tried again, a lost device or store is
/// (<see cref="ActivityFailure.Retryable"/>).
/// </summary>
internal static class StageRetries
{
    /// <summary>Stages that run models, for about three minutes: long enough for a GPU to come back.</summary>
    public static RetryPolicy Model { get; } = new(6, TimeSpan.FromSeconds(2), 3, TimeSpan.FromMinutes(1));

    /// <summary>Stages that need the processor and the store only.</summary>
    public static RetryPolicy Encode { get; } = new(4, TimeSpan.FromSeconds(1), 4, TimeSpan.FromMinutes(1));

    /// <summary>The end of a job's record, for hours: nothing else tells its owner.</summary>
    public static RetryPolicy Finish { get; } = new(40, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(5));
}

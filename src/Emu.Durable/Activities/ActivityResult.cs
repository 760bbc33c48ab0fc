using Emu.Durable.Abstractions;

namespace Emu.Durable.Activities;

/// <summary>What came of running an activity: a result, a failure, or neither if it was interrupted.</summary>
/// <param name="Output">JSON of the result.</param>
/// <param name="Failure">The failure.</param>
internal sealed record ActivityResult(string? Output, ActivityFailure? Failure)
{
    /// <summary>It was told to stop, and runs again later.</summary>
    public static ActivityResult Interrupted { get; } = new(null, null);

    public bool IsInterrupted => Output is null && Failure is null;
}

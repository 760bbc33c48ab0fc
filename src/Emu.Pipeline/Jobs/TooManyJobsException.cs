namespace Emu.Pipeline.Jobs;

/// <summary>The owner has as many jobs in flight as allowed.</summary>
public sealed class TooManyJobsException(int limit) : Exception($"There are {limit} jobs in flight already, which is the limit. Wait until one has ended.")
{
    /// <summary>How many may be in flight.</summary>
    public int Limit { get; } = limit;
}

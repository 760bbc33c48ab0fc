namespace Emu.Pipeline.Jobs;

/// <summary>The disk has less free than is kept in reserve: jobs at work may end, new ones are refused.</summary>
public sealed class StorageReserveException(long available, long reserve)
    : Exception($"The disk has {available / (1024 * 1024)} MB free, and {reserve / (1024 * 1024)} MB are kept in reserve: no new job is taken. Free some space.")
{
    /// <summary>Bytes free.</summary>
    public long Available { get; } = available;

    /// <summary>Bytes kept in reserve.</summary>
    public long Reserve { get; } = reserve;
}

namespace Emu.Durable.Engine;

/// <summary>
/// What could not be stored: parked until the next try, ever longer apart. Meanwhile callers are served alone, so that each
/// hears of its own fate.
/// </summary>
internal sealed class Backlog
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(10);

    private readonly List<ISignal> parked = [];
    private TimeSpan delay;
    private long retryAt;

    /// <summary>Whether the last transaction of everything was rolled back.</summary>
    public bool IsFailing => delay > TimeSpan.Zero;

    /// <summary>Whether it is time to try again.</summary>
    public bool IsDue => IsFailing && Environment.TickCount64 >= retryAt;

    /// <summary>How many milliseconds until then; infinite if there is nothing to try.</summary>
    public int UntilDue => IsFailing ? (int)Math.Clamp(retryAt - Environment.TickCount64, 0, int.MaxValue) : Timeout.Infinite;

    /// <summary>Parks signals.</summary>
    public void Park(IEnumerable<ISignal> signals) => parked.AddRange(signals);

    /// <summary>Moves what is parked into a batch.</summary>
    public void TakeInto(List<ISignal> batch)
    {
        batch.AddRange(parked);
        parked.Clear();
    }

    /// <summary>A transaction of everything was rolled back.</summary>
    /// <returns>When the next try is.</returns>
    public TimeSpan Failed()
    {
        delay = delay == TimeSpan.Zero ? FirstDelay : TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LastDelay.Ticks));
        retryAt = Environment.TickCount64 + (long)delay.TotalMilliseconds;
        return delay;
    }

    /// <summary>A transaction of everything is in.</summary>
    public void Succeeded() => delay = TimeSpan.Zero;
}

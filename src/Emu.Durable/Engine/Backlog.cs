namespace Emu.Durable.Engine;

/// <summary>
/// What could not be stored: parked until the next try, ever longer apart. Meanwhile callers are served alone, so that each
/// hears of its own fate.
/// </summary>
internal sealed class Backlog
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(10);

    private readonly List<ISignal> _parked = [];
    private TimeSpan _delay;
    private long _retryAt;

    /// <summary>Whether the last transaction of everything was rolled back.</summary>
    public bool IsFailing => _delay > TimeSpan.Zero;

    /// <summary>Whether it is time to try again.</summary>
    public bool IsDue => IsFailing && Environment.TickCount64 >= _retryAt;

    /// <summary>How many milliseconds until then; infinite if there is nothing to try.</summary>
    public int UntilDue => IsFailing ? (int)Math.Clamp(_retryAt - Environment.TickCount64, 0, int.MaxValue) : Timeout.Infinite;

    /// <summary>Parks signals.</summary>
    public void Park(IEnumerable<ISignal> signals) => _parked.AddRange(signals);

    /// <summary>Moves what is parked into a batch.</summary>
    public void TakeInto(List<ISignal> batch)
    {
        batch.AddRange(_parked);
        _parked.Clear();
    }

    /// <summary>A transaction of everything was rolled back.</summary>
    /// <returns>When the next try is.</returns>
    public TimeSpan Failed()
    {
        _delay = _delay == TimeSpan.Zero ? FirstDelay : TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, LastDelay.Ticks));
        _retryAt = Environment.TickCount64 + (long)_delay.TotalMilliseconds;
        return _delay;
    }

    /// <summary>A transaction of everything is in.</summary>
    public void Succeeded() => _delay = TimeSpan.Zero;
}

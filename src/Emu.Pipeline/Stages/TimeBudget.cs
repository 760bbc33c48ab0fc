namespace Emu.Pipeline.Stages;

/// <summary>How long an activity may work before it leaves a checkpoint; counted from <see cref="Start"/>, once the model is loaded.</summary>
public sealed class TimeBudget(TimeSpan length, TimeProvider time)
{
    private long _started;

    /// <summary>The budget.</summary>
    public TimeSpan Length { get; } = length > TimeSpan.Zero
        ? length
        : throw new ArgumentOutOfRangeException(nameof(length), length, "A time budget must be above zero.");

    /// <summary>Whether it is used up. Asked after each unit, so that at least one is done.</summary>
    public bool IsSpent => _started != 0 && time.GetElapsedTime(_started) >= Length;

    /// <summary>Begins to count; a second call changes nothing.</summary>
    public void Start()
    {
        if (_started == 0)
        {
            _started = Math.Max(1, time.GetTimestamp());
        }
    }
}

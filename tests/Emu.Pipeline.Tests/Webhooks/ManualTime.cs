namespace Emu.Pipeline.Tests.Webhooks;

/// <summary>A clock moved by hand, that otherwise stands at the real time it was made.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public void Advance(TimeSpan step)
    {
        lock (_gate)
        {
            _now += step;
        }
    }
}

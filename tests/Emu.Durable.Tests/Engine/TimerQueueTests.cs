using Emu.Durable.Engine;

namespace Emu.Durable.Tests.Engine;

public sealed class TimerQueueTests
{
    [Fact]
    public void TakeDue_SeveralInstances_InOrderOfTime()
    {
        var timers = new TimerQueue();
        timers.Add(1, 1, due: 30);
        timers.Add(2, 1, due: 10);
        timers.Add(1, 2, due: 20);
        timers.Add(3, 1, due: 40);
        Assert.Equal(10, timers.NextDue);
        Assert.Equal([(2, 1), (1, 2), (1, 1)], timers.TakeDue(30));
        Assert.Equal(40, timers.NextDue);
    }

    [Fact]
    public void Remove_WithdrawnAndEnded_NeverFire()
    {
        var timers = new TimerQueue();
        timers.Add(1, 1, due: 10);
        timers.Add(1, 2, due: 10);
        timers.Add(2, 1, due: 10);
        timers.Remove(1, 1);
        timers.Remove(1, 1);
        timers.RemoveAll(2);
        Assert.Equal([(1, 2)], timers.TakeDue(100));
        Assert.Null(timers.NextDue);
    }
}

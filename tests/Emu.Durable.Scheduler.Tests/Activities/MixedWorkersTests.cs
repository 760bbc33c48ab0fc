using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Durable.Scheduler.Tests.Activities;

/// <summary>Processes of one hub that take different activities.</summary>
public sealed class MixedWorkersTests : MixedWorkersConformance
{
    private readonly SchedulerFixture _fixture = new();

    [Fact]
    public async Task Activities_OfOtherProcesses_AreNotEvenSent()
    {
        await RunMixedJobAsync(new Dictionary<string, string>());
        Assert.Equal(4, _fixture.Server!.Hub.SentActivities);
        Assert.Equal(0, _fixture.Server.Hub.ReturnedActivities);
    }

    [Fact]
    public async Task Activities_SentInSpiteOfTheFilters_AreGivenBack()
    {
        var options = await _fixture.OptionsAsync();
        _fixture.Server!.Hub.HeedsFilters = false;
        await using var idle = CreateCall(options with { Activities = new TakenActivities([], DefaultGroup: false) }, _ => Task.FromResult("idle"));
        await idle.StartAsync(Token);
        await idle.StartIfAbsentAsync("call", "call", null, Token);
        await UntilAsync(() => Task.FromResult(_fixture.Server.Hub.ReturnedActivities > 0));
        _fixture.Server.Hub.HeedsFilters = true;
        await using var busy = CreateCall(options, _ => Task.FromResult("busy"));
        await busy.StartAsync(Token);
        Assert.Equal("busy", await OutputOfAsync<string>(busy, "call"));
    }

    protected override IEngineFixture CreateFixture() => _fixture;
}

using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Durable.Tests.Activities;

public sealed class PayloadTests
{
    private static readonly string TooLong = new('é', (Payload.MaximumBytes / 2) + 1);

    [Fact]
    public async Task StartIfAbsent_TooLongInput_IsRefused()
    {
        await using var engine = await Engine().StartedAsync();
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => engine.StartIfAbsentAsync("result", "instance", TooLong, EngineBuilder.Token));
        Assert.Contains("artifact store", exception.Message, StringComparison.Ordinal);
        Assert.Null(await engine.GetStatusAsync("instance", EngineBuilder.Token));
    }

    [Theory]
    [InlineData("result")]
    [InlineData("own_result")]
    [InlineData("input")]
    public async Task Run_TooLongPayload_FailsTheInstance(string orchestration)
    {
        await using var engine = await Engine().StartedAsync();
        var status = await engine.RunAsync(orchestration);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Contains("longer than", status.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallActivity_ResultOfAnotherType_FailsWithInvalidOutput()
    {
        await using var engine = await Engine().With<object?, int>("wrong", (context, _) => context.CallActivityAsync<int>("text", null)).StartedAsync();
        var failure = (await engine.RunAsync("wrong")).Failure!;
        Assert.Equal("invalid_output", failure.Code);
        Assert.Contains("'text'", failure.Message, StringComparison.Ordinal);
    }

    private static DurableEngine Engine() => EngineBuilder.Engine()
        .With<object?, string>("result", (context, _) => context.CallActivityAsync<string>("long", null))
        .With<object?, string>("own_result", (_, _) => Task.FromResult(TooLong))
        .With<object?, string>("input", (context, _) => context.CallActivityAsync<string>("text", TooLong))
        .WithActivity<object?, string>("long", _ => TooLong)
        .WithActivity<object?, string>("text", _ => "text");
}

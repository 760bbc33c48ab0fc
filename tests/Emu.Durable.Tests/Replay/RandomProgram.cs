using System.Globalization;
using System.Text.Json;
using Emu.Durable.Abstractions;
using FsCheck;
using FsCheck.Fluent;

namespace Emu.Durable.Tests.Replay;

/// <summary>A random orchestration, as data: a tree of steps.</summary>
/// <param name="Kind">The kind of step.</param>
/// <param name="Number">Distinguishes the step from others of its kind.</param>
/// <param name="Steps">The parts of a composed step.</param>
public sealed record RandomProgram(string Kind, int Number, RandomProgram[] Steps)
{
    /// <summary>Programs of up to a few dozen steps.</summary>
    public static Arbitrary<RandomProgram> Arbitrary { get; } = Arb.From(Gen.Sized(size => Composed("sequence", Math.Min(size, 24) + 1)), Shrink);

    /// <summary>Runs the program; the result depends on the program only.</summary>
    public async Task<string> RunAsync(IOrchestrationContext context, string path)
    {
        context.SetStatus(path);
        switch (Kind)
        {
            case "compute":
                return (await context.CallActivityAsync<int>("compute", Number)).ToString(CultureInfo.InvariantCulture);
            case "flaky":
                return await FlakyAsync(context);
            case "identity":
                var identity = $"{context.NewGuid()} {context.CurrentTime:O}";
                return await context.CallActivityAsync<string>("echo", identity) == identity ? "same" : "different";
            case "timer":
                await context.CreateTimerAsync(context.CurrentTime.AddMilliseconds(Number % 4));
                return "timer";
            case "event":
                await context.CallActivityAsync<int>("raise", path);
                return await context.WaitForEventAsync<string>(path);
            case "timeout":
                return await TimeoutAsync(context, path);
            case "race":
                return await RaceAsync(context, path);
            case "all":
                return $"[{string.Join(",", await Task.WhenAll(Steps.Select((step, index) => step.RunAsync(context, $"{path}.{index}"))))}]";
            case "child":
                return $"({await context.CallChildAsync<string>("program", $"{context.InstanceId}.{path}", this with { Kind = "sequence" })})";
            default:
                var results = new List<string>();
                for (var index = 0; index < Steps.Length; index++)
                {
                    results.Add(await Steps[index].RunAsync(context, $"{path}.{index}"));
                }

                return string.Join(";", results);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this, DurableJson.Options);

    private static Gen<RandomProgram> Step(int size)
    {
        var leaf = Gen.Elements("compute", "flaky", "identity", "timer", "event", "timeout").SelectMany(kind => Gen.Choose(0, 99), (kind, number) => new RandomProgram(kind, number, []));
        return size <= 1 ? leaf : Gen.Frequency((2, leaf), (1, Gen.Elements("sequence", "all", "race", "child").SelectMany(kind => Composed(kind, size))));
    }

    private static Gen<RandomProgram> Composed(string kind, int size) =>
        Gen.Choose(1, 4).SelectMany(count => Step(size / count).ArrayOf(count)).Select(steps => new RandomProgram(kind, 0, steps));

    private static IEnumerable<RandomProgram> Shrink(RandomProgram program) =>
        program.Steps
            .Concat(program.Steps.Select(step => program with { Steps = [.. program.Steps.Where(other => other != step)] }))
            .Concat(program.Steps.SelectMany((step, index) => Shrink(step).Select(smaller => program with { Steps = [.. program.Steps.Select((other, at) => at == index ? smaller : other)] })));

    private async Task<string> FlakyAsync(IOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>("flaky", Number % 5, new RetryPolicy(3, TimeSpan.FromMilliseconds(Number % 2), backoffCoefficient: 1));
        }
        catch (ActivityFailedException exception)
        {
            return exception.Failure.Code;
        }
    }

    private static async Task<string> TimeoutAsync(IOrchestrationContext context, string path)
    {
        try
        {
            return await context.WaitForEventAsync<string>($"never {path}", TimeSpan.FromMilliseconds(1));
        }
        catch (TimeoutException)
        {
            return "timed out";
        }
    }

    private async Task<string> RaceAsync(IOrchestrationContext context, string path)
    {
        using var cancellation = new CancellationTokenSource();
        var timer = context.CreateTimerAsync(context.CurrentTime.AddDays(1), cancellation.Token);
        var work = (this with { Kind = "sequence" }).RunAsync(context, path);
        var first = await Task.WhenAny(timer, work);
        cancellation.Cancel();
        return first == work ? await work : "too slow";
    }
}

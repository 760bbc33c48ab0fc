using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Tests.Stages;

public partial class ModelStagesTests
{
    private const int Side = 128;

    [Fact]
    public async Task Upsample_MotionOfOneOfTwoThings_LeavesTheOtherAsWithoutIt()
    {
        var (moved, warnings) = await ClipAsync("a cat jumps next to a dog");
        var (resting, _) = await ClipAsync("a cat next to a dog");
        Assert.Empty(warnings);
        for (var tick = 0; tick < moved.Count; tick++)
        {
            Assert.True(LargestDifference(moved[tick], resting[tick], (Side / 2) + 10, Side) <= 1, $"The dog moves in frame {tick}.");
        }

        Assert.Equal(0, LargestDifference(moved[0], resting[0], 0, Side));
        Assert.Contains(Enumerable.Range(0, moved.Count), tick => LargestDifference(moved[tick], resting[tick], 0, Side / 2) > 200);
    }

    private static int LargestDifference(Picture one, Picture other, int left, int right)
    {
        var largest = 0;
        for (var y = 0; y < Side; y++)
        {
            for (var at = 4 * left; at < 4 * right; at++)
            {
                largest = Math.Max(largest, Math.Abs(one.Row(y)[at] - other.Row(y)[at]));
            }
        }

        return largest;
    }

    private async Task<(List<Picture> Frames, IReadOnlyList<string> Warnings)> ClipAsync(string prompt)
    {
        using var runner = new StageRunner(model.Library, Ghost with { Prompt = prompt, Steps = 10, Size = new FrameSize(Side, Side), Seed = 7 });
        await runner.CreateAsync();
        await runner.RunAsync(StageNames.Keyframe, []);
        await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
        var frames = await FramesAsync(runner, model.Package.Description.Ticks);
        var job = await new JobRecords(runner.Store).FindAsync(runner.Id, Token);
        return (frames, job!.Warnings);
    }
}

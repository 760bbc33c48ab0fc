using Emu.Diffusion.Tensors;
using Emu.Generation.Motion;

namespace Emu.Generation.Tests.Motion;

public class LoopMotionTests
{
    private const int Size = 64;
    private const int Ticks = 16;

    [Fact]
    public void Apply_SmallThingThatSpins_KeepsItsFirstFrameAndTurnsTheRest()
    {
        // A horizontal bar in the middle: after a quarter of the loop it stands upright.
        var first = Picture(transparent: true, (x, y) => Math.Abs(x - 32) < 14 && Math.Abs(y - 32) < 4);
        LoopMotion motion = new(Read("a bar spins"), first);
        Near(first, motion.Apply(first, 0, Ticks), 1e-5);
        var quarter = motion.Apply(first, Ticks / 4, Ticks);
        Assert.True(Alpha(quarter, 32, 20) > 0.9 && Alpha(quarter, 20, 32) < 0.1);
    }

    [Fact]
    public void Apply_ThingThatFillsThePictureAndJumps_StaysInThePicture()
    {
        var first = Picture(transparent: true, (x, y) => Math.Abs(x - 32) < 30 && Math.Abs(y - 32) < 30);
        LoopMotion motion = new(Read("a box jumps"), first);
        var areas = Enumerable.Range(0, Ticks).Select(tick => Area(motion.Apply(first, tick, Ticks))).ToArray();
        Assert.All(areas, area => Assert.InRange(area, areas.Max() * 0.75, areas.Max()));
        Assert.True(areas[0] < Area(first));
    }

    [Fact]
    public void Apply_ThingOnAPlainGround_MovesTheThingAndKeepsTheGround()
    {
        var first = Picture(transparent: false, (x, y) => Math.Abs(x - 20) < 8 && Math.Abs(y - 32) < 8);
        LoopMotion motion = new(Read("a ball moves to the right"), first);
        var moved = motion.Apply(first, Ticks / 4, Ticks);
        Assert.Equal(first.Shape, moved.Shape);
        Assert.InRange(Red(moved, 20, 32), -1.05, -0.9);      // where it was there is ground
        Assert.InRange(Red(moved, 2, 2), -1.05, -0.9);
        Assert.InRange(Red(moved, 40, 32), 0.9, 1.05);        // a quarter of the way around: 80 pixels / 4 to the right
    }

    [Fact]
    public void Apply_PhotographThatFillsThePicture_LeavesNoBorder()
    {
        Random random = new(3);
        FloatTensor photograph = new([1, 3, Size, Size]);
        for (var index = 0; index < photograph.Span.Length; index++)
        {
            photograph.Span[index] = (float)(random.NextDouble() * 1.6) - 0.6f;
        }

        var swayed = new LoopMotion(Read("a cat sways"), photograph).Apply(photograph, 4, Ticks);
        Assert.All(swayed.Span.ToArray(), value => Assert.True(value > -1));
    }

    private static IReadOnlyList<MotionStep> Read(string prompt)
    {
        var steps = MotionReader.Read(prompt).Steps;
        Assert.NotEmpty(steps);
        return steps;
    }

    /// <summary>A red thing on nothing, or on blue.</summary>
    private static FloatTensor Picture(bool transparent, Func<int, int, bool> covers)
    {
        FloatTensor picture = new([1, 4, Size, Size]);
        picture.Span.Fill(-1);
        for (var pixel = 0; pixel < Size * Size; pixel++)
        {
            var covered = covers(pixel % Size, pixel / Size);
            picture.Span[((covered ? 0 : 2) * Size * Size) + pixel] = covered || !transparent ? 1 : -1;
            picture.Span[(3 * Size * Size) + pixel] = covered || !transparent ? 1 : -1;
        }

        return picture;
    }

    private static double Alpha(FloatTensor picture, int x, int y) => (picture.Span[(3 * Size * Size) + (y * Size) + x] + 1) / 2;

    private static double Red(FloatTensor picture, int x, int y) => picture.Span[(y * Size) + x];

    private static double Area(FloatTensor picture) => picture.Span[(3 * Size * Size)..].ToArray().Sum(value => (value + 1) / 2.0);

    private static void Near(FloatTensor expected, FloatTensor actual, double tolerance)
    {
        for (var index = 0; index < expected.Span.Length; index++)
        {
            Assert.InRange(actual.Span[index], expected.Span[index] - tolerance, expected.Span[index] + tolerance);
        }
    }
}
